"""Writes answers and summaries: append-only, only what changed, in as many statements for one as for hundreds."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from kpis.calculations import Answer, judge, rule_data, years_to_judge
from kpis.evaluating.reading import Read, read
from kpis.evaluating.summaries import FIELDS, summary_of
from kpis.models import Evaluation, Indicator, IndicatorSummary
from programme.models import Programme

#: Indicators judged together; memory stays flat however many there are.
BATCH = 200
_PLACE = tuple[int, int]  # rule, year


def evaluate(indicators: Iterable[Indicator], *, today: dt.date | None = None) -> None:
    """Answers every rule of the indicators for every year, and keeps what a wall shows of each.

    Joins the caller's transaction, so that figures and answers change together. An answer is written only where
    it or its figures changed; the one before is kept and marked. `today` stands in for the programme's own day.
    """
    pks = sorted({indicator.pk for indicator in indicators})
    for start in range(0, len(pks), BATCH):
        with transaction.atomic():
            _evaluate(_locked(pks[start : start + BATCH]), today)


def evaluate_programme(programme: Programme, *, today: dt.date | None = None) -> None:
    """`evaluate` of every indicator of the programme."""
    evaluate(Indicator.objects.filter(programme=programme).only("pk"), today=today)


def _locked(pks: Sequence[int]) -> list[Indicator]:
    """The indicators, locked: two writers of one indicator judge one after the other, on all figures."""
    list(Indicator.objects.filter(pk__in=pks).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    rows = Indicator.objects.filter(pk__in=pks).select_related("programme__organisation")
    return list(rows.order_by("pk"))


def _evaluate(indicators: list[Indicator], today: dt.date | None) -> None:
    found = read(indicators, today)
    current = {
        (row.rule_id, row.year): row
        for row in Evaluation.objects.filter(indicator__in=indicators, superseded_at=None)
    }
    said = {(row.rule_id, row.year): row for one in found for row in _answers(one)}
    same = {place for place, row in said.items() if place in current and current[place].sha256 == row.sha256}
    gone = [row.pk for place, row in current.items() if place not in same]
    news = [row for place, row in said.items() if place not in same]
    now = timezone.now()
    if gone:
        Evaluation.objects.filter(pk__in=gone).update(superseded_at=now)
    _insert(news, now)
    _summarise(found, {place: current[place] if place in same else row for place, row in said.items()})


_INSERT = """
    INSERT INTO kpis_evaluation (
        programme_id, rule_id, indicator_id, year, outcome, progress, code, params, sha256, evaluated_at, version)
    SELECT r.programme, r.rule, r.indicator, r.year, r.outcome, r.progress, r.code, r.params, r.sha256, %s, 1
    FROM jsonb_to_recordset(%s::jsonb) AS r (
        position int, programme bigint, rule bigint, indicator bigint, year int, outcome text, progress numeric,
        code text, params jsonb, sha256 text)
    ORDER BY r.position
    RETURNING id
"""


def _insert(rows: Sequence[Evaluation], now: dt.datetime) -> None:
    """Writes the answers in one statement, sent as one text: hundreds of rows of single values take far longer."""
    if not rows:
        return
    said = [
        {
            "position": place, "programme": row.programme_id, "rule": row.rule_id, "indicator": row.indicator_id,
            "year": row.year, "outcome": row.outcome,
            "progress": None if row.progress is None else str(row.progress),
            "code": row.code, "params": row.params, "sha256": row.sha256,
        }
        for place, row in enumerate(rows)
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [now, json.dumps(said, ensure_ascii=False)])
        ids = sorted(pk for (pk,) in cursor.fetchall())  # numbers are given in the order of the rows
    for pk, row in zip(ids, rows, strict=True):
        row.pk, row.evaluated_at = pk, now
        row._state.adding, row._state.db = False, "default"


def _answers(one: Read) -> Iterator[Evaluation]:
    """An evaluation, not saved, for each rule and year that the rule is about."""
    years = years_to_judge(one.figures, one.frame)
    for rule, parts in one.rules:
        data = rule_data(rule, parts)
        for year in years:
            answer = judge(data, one.figures, year, one.frame)
            if answer is not None:
                yield _row(rule.pk, one.indicator, year, answer)


def _row(rule: int, indicator: Indicator, year: int, answer: Answer) -> Evaluation:
    return Evaluation(
        programme_id=indicator.programme_id,
        rule_id=rule,
        indicator=indicator,
        year=year,
        outcome=answer.outcome.value,
        progress=answer.progress,
        code=answer.code,
        params=answer.params,
        sha256=fingerprint(rule, year, answer),
    )


def fingerprint(rule: int, year: int, answer: Answer) -> str:
    """SHA-256 over the rule's version and everything the answer rests on: figures, periods, vintages, fetch days."""
    progress = None if answer.progress is None else str(answer.progress)
    said: list[Any] = [rule, year, answer.outcome.value, answer.code, progress, answer.params]
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _summarise(found: list[Read], said: dict[_PLACE, Evaluation]) -> None:
    """Writes the summaries that changed, in one statement."""
    held = {
        row.indicator_id: row
        for row in IndicatorSummary.objects.filter(indicator__in=[one.indicator.pk for one in found])
    }
    by_indicator: dict[int, list[Evaluation]] = {}
    for row in said.values():
        by_indicator.setdefault(row.indicator_id or 0, []).append(row)
    changed = []
    for one in found:
        new = summary_of(one, by_indicator.get(one.indicator.pk, []))
        before = held.get(one.indicator.pk)
        if before is None or any(getattr(before, name) != getattr(new, name) for name in FIELDS):
            changed.append(new)
    IndicatorSummary.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["indicator"],
        update_fields=[name.removesuffix("_id") for name in FIELDS],
    )

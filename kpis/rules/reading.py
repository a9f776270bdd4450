"""What the pages of rules show: each rule with its versions, and what each version has said by year."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from kpis.models import Evaluation, TargetRule
from kpis.rules.kinds import MEANING


@dataclass
class Version:
    """One version with its parts, its suggestion and its latest answers by year, the latest year first."""

    row: TargetRule
    parts: list[TargetRule]
    suggestion: TargetRule | None = None
    answers: list[Evaluation] = field(default_factory=list)
    holds: bool = False
    is_coming: bool = False


@dataclass
class Lineage:
    """One rule through its versions, the latest first; `now` is the one that holds."""

    key: str
    versions: list[Version]
    now: Version | None = None

    @property
    def meanings(self) -> list[Any]:
        """How the rule and its parts are judged, each kind explained once."""
        version = self.now or self.versions[0]
        kinds = [version.row.kind, *(part.kind for part in version.parts)]
        return [MEANING[kind] for kind in dict.fromkeys(kinds)]


def lineages(rules: QuerySet[TargetRule], today: dt.date) -> list[Lineage]:
    """The rules of one owner by key, each with all versions. Five statements however many there are."""
    rows = list(
        rules.filter(parent=None, is_suggestion=False)
        .select_related("decision", "created_by")
        .prefetch_related("parts")
        .order_by("position", "key", "-valid_from")
    )
    answers = _answers(rows)
    found: dict[str, Lineage] = {}
    for row in rows:
        children = [part for part in row.parts.all() if not part.is_suggestion]
        version = Version(
            row=row,
            parts=children,
            suggestion=next((part for part in row.parts.all() if part.is_suggestion), None),
            answers=answers.get(row.pk, []),
            holds=row.valid_from <= today and (row.valid_to is None or today < row.valid_to),
            is_coming=row.valid_from > today,
        )
        lineage = found.setdefault(row.key, Lineage(row.key, []))
        lineage.versions.append(version)
        if version.holds:
            lineage.now = version
    return list(found.values())


def _answers(rows: list[TargetRule]) -> dict[int, list[Evaluation]]:
    """The last answer of each version for each year, the latest year first."""
    evaluations = (
        Evaluation.objects.filter(rule__in=rows)
        .order_by("rule_id", "-year", "-evaluated_at", "-id")
        .distinct("rule_id", "year")
    )
    found: dict[int, list[Evaluation]] = defaultdict(list)
    for row in evaluations:
        found[row.rule_id].append(row)
    return dict(found)

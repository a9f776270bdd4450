"""Overlaps between measures (R5) and the withdrawal of a measure (R6, R9)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.db import retrying
from core.periods import format_month
from measures.models import Measure, Overlap, SavingsEntry, SavingsLine, Series, Stage
from measures.selectors.overlap_inspector import cause_key
from measures.services.books import locked_years
from measures.services.common import CHANGED, because, refuse
from programme.models import Deviation


@retrying
def declare_overlap(
    *, yielding_line: SavingsLine, other_line: SavingsLine, amount_eur_cents: int, first_month: date, by: Any,
    last_month: date | None = None, reason: str = "",
) -> Overlap:  # fmt: skip
    """Declares that two lines count the same euros: the yielding one gives up the amount each month (R5).

    At most the smaller of the two plans in every month in which both have one.
    """
    with transaction.atomic(), because(by, reason):
        overlap = Overlap(
            programme_id=yielding_line.programme_id, yielding_line=yielding_line, other_line=other_line,
            amount_eur_cents=amount_eur_cents, first_month=first_month, last_month=last_month, reason=reason,
        ).stamp(by)  # fmt: skip
        check_overlap(overlap)
        overlap.full_clean()
        overlap.save()
        return overlap


def check_overlap(overlap: Overlap) -> None:
    """Refuses an overlap of two programmes or of one measure, and one beyond the smaller plan of any month."""
    yielding, other, amount = overlap.yielding_line, overlap.other_line, overlap.amount_eur_cents
    if yielding.programme_id != other.programme_id:
        refuse("other_programme", _("The lines belong to different programmes."))
    for mine, theirs in _planned_together(yielding, other, overlap.first_month, overlap.last_month):
        smaller = min(-mine, -theirs) if amount < 0 else min(mine, theirs)
        if abs(amount) > max(0, smaller):
            refuse("too_large", _("An overlap is at most the smaller of the two effects."))
    _check_decided(overlap)


def _check_decided(overlap: Overlap) -> None:
    """Refuses to take from claims what is settled: confirmed euros, and anything of a year whose accounts are signed.

    Otherwise the same euro would be confirmed on both lines, or the figures of a signed year would move.
    """
    was = Overlap.objects.filter(pk=overlap.pk).first() if overlap.pk else None
    yielding = overlap.yielding_line
    first_month = min(overlap.first_month, was.first_month) if was else overlap.first_month
    claims = SavingsEntry.objects.filter(
        programme_id=yielding.programme_id, series=Series.CLAIMED, month__gte=first_month
    )
    theirs = dict(claims.filter(line=overlap.other_line).values_list("month", "amount_eur_cents"))
    signed = locked_years(yielding.programme)
    for claim in claims.filter(line=yielding, month__in=theirs).order_by("month"):
        amounts = (claim.amount_eur_cents, theirs[claim.month])
        taken, before = _taken(overlap, claim.month, *amounts), _taken(was, claim.month, *amounts)
        params = {"month": format_month(claim.month)}
        if taken != before and claim.month.year in signed:
            told = _("The accounts of the year of %(month)s are signed: its claims stay as they are.")
            refuse("locked_year", told % params)
        left = abs(claim.amount_eur_cents) - taken
        if taken > before and abs(claim.decided_eur_cents or 0) > left:
            told = _(
                "More of the claim of %(month)s is confirmed than the overlap would leave of it. Withdraw that decision"
                " first, or begin later."
            )
            refuse("decided", told % params)


def _taken(overlap: Overlap | None, month: date, mine: int, theirs: int) -> int:
    """How much the overlap takes off a claim of the month, without sign."""
    if overlap is None or month < overlap.first_month:
        return 0
    if overlap.last_month is not None and month > overlap.last_month:
        return 0
    amount = overlap.amount_eur_cents
    same = (amount < 0 and mine < 0 and theirs < 0) or (amount > 0 and mine > 0 and theirs > 0)
    return min(abs(amount), abs(mine), abs(theirs)) if same else 0


@retrying
def remove_overlap(*, overlap: Overlap, by: Any, reason: str, version: int | None = None) -> None:
    """Takes back an overlap that was declared by mistake; one that is over gets its last month instead."""
    if not reason.strip():
        refuse("no_reason", _("Give the reason."))
    with transaction.atomic(), because(by, reason):
        row = Overlap.objects.select_for_update(of=("self",)).get(pk=overlap.pk)
        if version is not None and row.version != version:
            refuse(CHANGED, _("Somebody changed the overlap meanwhile. Look at it again."))
        row.delete()


@retrying
def judge_no_overlap(
    *, first_line: SavingsLine, second_line: SavingsLine, by: Any, on: date, explanation: str
) -> Deviation:
    """Says of two lines that they do not count the same euros, and why: they are not listed again."""
    if not explanation.strip():
        refuse("no_reason", _("Say why the two do not count the same euros."))
    with transaction.atomic(), because(by, explanation):
        key = cause_key(first_line.pk, second_line.pk)
        rows = Deviation.objects.select_for_update(of=("self",)).filter(
            programme_id=first_line.programme_id, kind=Deviation.Kind.OVERLAP, cause_key=key, closed_on=None
        )
        row = rows.first() or Deviation(
            programme_id=first_line.programme_id, kind=Deviation.Kind.OVERLAP, cause_key=key, found_on=on
        )
        row.explanation, row.params = explanation.strip(), {"lines": [first_line.pk, second_line.pk]}
        row.state, row.closed_on, row.closed_by = Deviation.State.CLOSED, max(on, row.found_on), by
        row.stamp(by).full_clean()
        row.save()
        return row


@retrying
def suspect_again(*, judged: Deviation, by: Any, reason: str) -> None:
    """Takes the judgement back: the pair is listed again as long as its plans meet."""
    if not reason.strip():
        refuse("no_reason", _("Give the reason."))
    with transaction.atomic(), because(by, reason):
        Deviation.objects.filter(pk=judged.pk, kind=Deviation.Kind.OVERLAP).delete()


def _planned_together(
    first: SavingsLine, second: SavingsLine, first_month: date, last_month: date | None
) -> list[tuple[int, int]]:
    plans: list[dict[date, int]] = []
    for line in (first, second):
        rows = SavingsEntry.objects.filter(
            programme_id=line.programme_id, line=line, series=Series.PLAN, month__gte=first_month
        )
        if last_month is not None:
            rows = rows.filter(month__lte=last_month)
        plans.append(dict(rows.values_list("month", "amount_eur_cents")))
    return [(plans[0][month], plans[1][month]) for month in plans[0].keys() & plans[1].keys()]


@retrying
def withdraw_measure(
    *, measure: Measure, by: Any, on: date, from_month: date, reason: str, version: int | None = None
) -> Measure:
    """Withdraws a measure from a month on; its target is released, facts before stay as one-offs (R6, R9).

    `version` is that of the measure as the person saw it: one that moved meanwhile is refused.
    """
    if not reason.strip():
        refuse("no_reason", _("Give the reason."))
    with transaction.atomic(), because(by, reason):
        row = Measure.objects.select_for_update().get(pk=measure.pk)
        if row.stage == Stage.WITHDRAWN:
            refuse("withdrawn", _("This measure is withdrawn already."))
        if version is not None and row.version != version:
            told = _("The measure was changed after you opened the page; its stage is now “%(stage)s”.")
            refuse(CHANGED, told % {"stage": row.get_stage_display()})
        row.stage, row.withdrawn_on, row.withdrawn_from = Stage.WITHDRAWN, on, from_month
        row.stamp(by).full_clean()
        row.save()
        return row

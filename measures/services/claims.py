"""What the controller decides of claims (R7): confirmed, the rest refused; taken back with a reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.db import retrying
from measures.models import Confirmation, LedgerEntry, SavingsEntry, Series
from measures.selectors.claims import Standing, owned_when_claimed, standing_of
from measures.services.books import locked_years, share_books
from measures.services.common import CHANGED, because, lock_lines, refuse
from measures.services.telling import Refused, tell_refused, tell_withdrawn

#: Why a claim is not decided as asked, by code.
REASONS: dict[str, Promise] = {
    "not_a_claim": _("Only a claim can be confirmed."),
    "own_measure": _("The owner of a measure cannot confirm its savings."),
    CHANGED: _("The claim was changed after you opened the page."),
    "decided": _("This claim is decided already. Withdraw the decision first."),
    "locked_year": _(
        "The accounts of this year are signed. Record a correction: it is counted in the open year."
    ),
    "more_than_claimed": _("More than what was claimed is confirmed only with a reason."),
    "part": _("The rest is refused: give the reason."),
    "refusal": _("Refusing needs a reason."),
    "open_month": _("The books of this month are open. Give the reason for confirming now."),
    "in_base": _(
        "What the base already holds is confirmed only against the accounts: choose a ledger line or give the reason."
    ),
    "wrong_ledger": _(
        "A ledger line belongs to another sector, cost type or month, or is an internal charge."
    ),
    "no_reason": _("Give the reason."),
    "undecided": _("This claim has no decision that could be withdrawn."),
    "withdrawn": _("This confirmation is withdrawn already."),
}


@dataclass(frozen=True, slots=True)
class Part:
    """What is confirmed of a claim, and the ledger line in which it is seen; None where it is seen in none."""

    eur_cents: int
    ledger_entry: LedgerEntry | None = None


def problem_of(
    claim: SavingsEntry, parts: Sequence[Part], *, by: Any, standing: Standing, reason: str,
    locked: Collection[int], own: Collection[int] = (),
) -> str:  # fmt: skip
    """The code of why the claim is not decided so, "" when it is. `claim` comes with its line and measure.

    A refusal, a part, more than the claim, an open month and a line inside the base without a ledger line
    need their reason; `standing` says what the claim is after overlaps and whether its month is closed; `own` are
    claims that were made while the person owned their measure (`owned_when_claimed`): a later owner changes nothing.
    """
    confirmed, said = sum(part.eur_cents for part in parts), bool(reason.strip())
    if claim.series != Series.CLAIMED:
        return "not_a_claim"
    if claim.pk in own or (by is not None and claim.line.measure.owner_id == by.pk):
        return "own_measure"
    if claim.decided_eur_cents is not None:
        return "decided"
    if claim.month.year in locked:
        return "locked_year"
    if any(_is_elsewhere(claim, part.ledger_entry) for part in parts if part.ledger_entry is not None):
        return "wrong_ledger"
    if said:
        return ""
    if confirmed != standing.net:
        if _exceeds(confirmed, standing.net):
            return "more_than_claimed"
        return "part" if confirmed else "refusal"
    if not parts:
        return "refusal"
    if not standing.is_closed:
        return "open_month"
    if claim.line.in_base and any(part.ledger_entry is None for part in parts):
        return "in_base"
    return ""


def _is_elsewhere(claim: SavingsEntry, row: LedgerEntry) -> bool:
    same = (row.programme_id, row.sector_id, row.cost_type_id, row.month) == (
        claim.programme_id, claim.line.sector_id, claim.line.cost_type_id, claim.month,
    )  # fmt: skip
    return not same or row.is_internal or row.kind != LedgerEntry.Kind.ACTUAL


def _exceeds(confirmed: int, claimed: int) -> bool:
    """Whether what is confirmed goes beyond the claim, or the other way."""
    return abs(confirmed) > abs(claimed) or confirmed * claimed < 0


# --- one claim --------------------------------------------------------------------------------------------------


@retrying
def decide_claim(
    *, entry: SavingsEntry, parts: Sequence[Part], by: Any, on: date, reason: str = "",
    version: int | None = None,
) -> list[Confirmation]:  # fmt: skip
    """Decides an undecided claim: its parts are confirmed, the rest is refused; no parts refuse it all.

    `version` is that of the claim as the person saw it: one that moved meanwhile is refused with `changed`.
    """
    with transaction.atomic(), because(by, reason):
        claim = _locked([entry])[0]
        if version is not None and claim.version != version:
            refuse(CHANGED, REASONS[CHANGED])
        standing = standing_of(claim.programme, [claim])[claim.pk]
        locked = locked_years(claim.programme)
        own = owned_when_claimed([claim], by)
        code = problem_of(claim, parts, by=by, standing=standing, reason=reason, locked=locked, own=own)
        if code:
            refuse(code, REASONS[code])
        rows = _rows(claim, parts, by=by, on=on, reason=reason)
        for row in rows:
            row.full_clean()
            row.save()
        confirmed = sum(part.eur_cents for part in parts)
        if confirmed != standing.net and not _exceeds(confirmed, standing.net):
            tell_refused([Refused(claim, standing.net, confirmed, rows[0])], by=by)
        return rows


def _locked(entries: Iterable[SavingsEntry]) -> list[SavingsEntry]:
    """The claims as they stand now, their lines locked; in the order of their ids."""
    wanted = list(entries)
    for programme in sorted({one.programme_id for one in wanted}):
        share_books(programme)  # no year is locked between asking and deciding
        lock_lines(programme, [one.line_id for one in wanted if one.programme_id == programme])
    rows = SavingsEntry.objects.filter(pk__in=[one.pk for one in wanted]).order_by("pk")
    return list(rows.select_related("line__measure", "programme"))


def _rows(
    claim: SavingsEntry, parts: Sequence[Part], *, by: Any, on: date, reason: str
) -> list[Confirmation]:
    """One row for each part; a claim refused as a whole has one row of 0."""
    return [
        Confirmation(
            programme_id=claim.programme_id, entry=claim, ledger_entry=part.ledger_entry,
            part_eur_cents=part.eur_cents, decided_on=on, decided_by=by, reason=reason,
        ).stamp(by)
        for part in parts or [Part(0)]
    ]  # fmt: skip


@retrying
def confirm_claim(
    *, entry: SavingsEntry, part_eur_cents: int, by: Any, on: date, reason: str = "",
    ledger_entry: LedgerEntry | None = None,
) -> Confirmation:  # fmt: skip
    """Adds one part to what is confirmed of a claim; a part of 0 refuses it. `decide_claim` decides a whole one.

    The controller is never the measure's owner. More than the claim only with a reason (R7).
    """
    with transaction.atomic(), because(by, reason):
        claim = _locked([entry])[0]
        if claim.series != Series.CLAIMED:
            refuse("not_a_claim", REASONS["not_a_claim"])
        if by is not None and claim.line.measure.owner_id == by.pk:
            refuse("own_measure", REASONS["own_measure"])
        confirmed = (claim.decided_eur_cents or 0) + part_eur_cents
        if _exceeds(confirmed, claim.amount_eur_cents) and not reason.strip():
            refuse("more_than_claimed", REASONS["more_than_claimed"])
        (row,) = _rows(claim, [Part(part_eur_cents, ledger_entry)], by=by, on=on, reason=reason)
        row.full_clean()
        row.save()
        return row


# --- many claims ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decided:
    """What came of a bulk decision: claims decided, cents confirmed, and those left as they are with the code why."""

    count: int
    confirmed: int
    left: list[tuple[SavingsEntry, str]]


@retrying
def decide_claims(
    *, programme: Any, versions: Mapping[int, int], confirm: bool, by: Any, on: date, reason: str = ""
) -> Decided:
    """Confirms the claims in full, or refuses them, in one transaction; each only as it was shown.

    `versions` are the claims with the versions that the person saw. Confirmed in full is the claim after the
    overlaps that its line yields (R5).
    """
    with transaction.atomic(), because(by, reason):
        claims = _locked(SavingsEntry.objects.filter(programme=programme, pk__in=list(versions)))
        rows, left, confirmed = [], [], 0
        refused: list[Refused] = []
        standings, locked = standing_of(programme, claims), locked_years(programme)
        own = owned_when_claimed(claims, by)
        for claim in claims:
            standing = standings[claim.pk]
            parts = [Part(standing.net)] if confirm else []
            code = CHANGED if claim.version != versions[claim.pk] else ""
            code = code or problem_of(
                claim, parts, by=by, standing=standing, reason=reason, locked=locked, own=own
            )
            if code:
                left.append((claim, code))
                continue
            rows += _rows(claim, parts, by=by, on=on, reason=reason)
            if not confirm:
                refused.append(Refused(claim, standing.net, 0, rows[-1]))
            confirmed += sum(part.eur_cents for part in parts)
        Confirmation.objects.bulk_create(rows)
        tell_refused(refused, by=by)
        return Decided(len(rows), confirmed, left)


# --- taking back --------------------------------------------------------------------------------------------------


@retrying
def withdraw_confirmation(*, confirmation: Confirmation, by: Any, on: date, reason: str) -> Confirmation:
    """Takes one part of a decision back; without another valid one the claim is undecided again."""
    if not reason.strip():
        refuse("no_reason", REASONS["no_reason"])
    with transaction.atomic(), because(by, reason):
        _may_take_back(_locked([confirmation.entry])[0], by)
        row = Confirmation.objects.get(pk=confirmation.pk)
        if row.withdrawn_on is not None:
            refuse("withdrawn", REASONS["withdrawn"])
        tell_withdrawn(row.entry, [row], by=by, reason=reason)
        return _taken_back(row, by=by, on=on, reason=reason)


@retrying
def withdraw_decision(
    *, entry: SavingsEntry, by: Any, on: date, reason: str, version: int | None = None
) -> SavingsEntry:
    """Takes the whole decision on a claim back: it waits for the controller again (never the owner)."""
    if not reason.strip():
        refuse("no_reason", REASONS["no_reason"])
    with transaction.atomic(), because(by, reason):
        claim = _locked([entry])[0]
        if version is not None and claim.version != version:
            refuse(CHANGED, REASONS[CHANGED])
        _may_take_back(claim, by)
        rows = list(claim.confirmations.filter(withdrawn_on=None).order_by("pk"))
        if not rows:
            refuse("undecided", REASONS["undecided"])
        for row in rows:
            _taken_back(row, by=by, on=on, reason=reason)
        tell_withdrawn(claim, rows, by=by, reason=reason)
        return claim


def _may_take_back(claim: SavingsEntry, by: Any) -> None:
    """Refuses the owner of the measure, and everybody in a year whose accounts are signed."""
    if by is not None and claim.line.measure.owner_id == by.pk:
        refuse("own_measure", REASONS["own_measure"])
    if claim.month.year in locked_years(claim.programme):
        refuse("locked_year", REASONS["locked_year"])


def _taken_back(row: Confirmation, *, by: Any, on: date, reason: str) -> Confirmation:
    """A decision of a later day than the programme's own is taken back on the day it was made."""
    row.withdrawn_on, row.withdrawn_reason = max(on, row.decided_on), reason
    row.stamp(by).full_clean()
    row.save()
    return row

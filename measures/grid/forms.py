"""The grid as a plain form: what it sends without any script, and how it comes back when it is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import QueryDict
from django.utils.translation import gettext as _

from core.money import MoneyError, Unit
from measures.grid.rows import GridMeasure, GridRow, Theirs, Typed
from measures.grid.saving import Change, NotSaved, Refused, change_of
from measures.grid.texts import cell_text, read_cell
from measures.months import carried_on, spread_over

OPEN, ALL = "open", "all"


def changes_of(data: QueryDict, place: GridMeasure, unit: Unit) -> list[Change]:
    """Cells in which something else stands than the page first showed.

    A cell that carries `take.<cell>` = theirs is left as it is: the choice after a conflict.
    """
    found = []
    for line in place.lines:
        for row in line.rows:
            known = data.get(f"known.{row.key}", "").split(" ")
            for at, cell in enumerate(row.cells):
                text = data.get(cell.key)
                if text is None or data.get(f"take.{cell.key}") == "theirs":
                    continue
                change = change_of(cell.key, text, known[at] if at < len(known) else "0:")
                if not _is_same(change, unit):
                    found.append(change)
    return found


def _is_same(change: Change, unit: Unit) -> bool:
    try:
        return read_cell(change.text, unit) == change.was_cents
    except MoneyError:
        return False


def filled(
    data: QueryDict, place: GridMeasure, changes: Sequence[Change], unit: Unit, act: str
) -> list[Change]:
    """The changes and, on top of them, those of a filling: `spread` or `carry` of one row.

    Raises NotSaved for a sum that is no amount, or a row without months to fill.
    """
    row = next((row for _line, row in place.rows if row.key == data.get("row")), None)
    if row is None:
        raise NotSaved([Refused("row", "no_row", _("Choose a row."), _("Row"))])
    typed = {change.key: change for change in changes}
    texts = [typed[cell.key].text if cell.key in typed else cell.text for cell in row.cells]
    try:
        amounts = [read_cell(text, unit) for text in texts]
        if act == "carry":
            new = carried_on(amounts, open_places(row), read_cell(row.before, unit))
        else:
            total = read_cell(data.get("amount", ""), unit)
            new = (
                {}
                if total is None
                else spread_over(total, amounts, chosen_places(row, data.get("months", OPEN)))
            )
    except MoneyError as error:
        raise NotSaved([Refused("amount", error.code, error.message, _("Year's sum"))]) from error
    except ValueError as error:
        raise NotSaved(
            [Refused("row", "no_months", _("This row has no open months this year."), row.name)]
        ) from error
    if act == "spread" and not new:
        raise NotSaved([Refused("amount", "empty", _("Give an amount."), _("Year's sum"))])
    for at, cents in new.items():
        cell = row.cells[at]
        base = typed.get(cell.key) or Change(cell.key, "", cell.version, cell.cents)
        typed[cell.key] = Change(cell.key, cell_text(cents, unit), base.version, base.was_cents)
    return list(typed.values())


def open_places(row: GridRow) -> list[int]:
    """Months (0..11) that can be written, are not closed and not withdrawn."""
    return [
        at
        for at, cell in enumerate(row.cells)
        if not cell.lock and not cell.is_closed and not cell.is_withdrawn
    ]


def chosen_places(row: GridRow, choice: str) -> list[int]:
    """The months a sum is spread over: the open ones, or all that can be written."""
    if choice == ALL:
        return [at for at, cell in enumerate(row.cells) if not cell.lock]
    return open_places(row)


def shown_again(changes: Sequence[Change], refused: Sequence[Refused]) -> dict[str, Typed]:
    """The typed cells for the page that says why they were not saved.

    On a conflict the cell goes on from how it stands now: sent again, mine replaces theirs knowingly.
    """
    reasons: Mapping[str, Refused] = {one.key: one for one in refused}
    found = {}
    for change in changes:
        problem = reasons.get(change.key)
        theirs: Theirs | None = problem.theirs if problem else None
        found[change.key] = Typed(
            change.text,
            theirs.version if theirs else change.version,
            theirs.cents if theirs else change.was_cents,
            problem.message if problem else "",
            theirs,
            change.was_cents,
        )
    return found

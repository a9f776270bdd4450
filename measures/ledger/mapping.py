"""How the columns of a file of the books are understood: kept under a name, used again for equal headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.money import Unit
from core.tables.cells import plain
from core.tables.sheets import Sheet, Value

SECTOR, COST_TYPE, MONTH = "sector", "cost_type", "month"
ACCOUNT, COST_CENTRE, AMOUNT = "account", "cost_centre", "amount"
INTERNAL, LEFT_OUT = "internal", "left_out"
#: The amount of January to December in a column each.
MONTHS = tuple(f"m{number}" for number in range(1, 13))

ROLES: dict[str, str | Promise] = {
    SECTOR: _("sector"),
    COST_TYPE: _("cost type"),
    MONTH: _("month"),
    AMOUNT: _("amount"),
    ACCOUNT: _("ledger account"),
    COST_CENTRE: _("cost centre"),
    INTERNAL: _("mark of an internal charge"),
    LEFT_OUT: _("mark of a row that is left out"),
}
#: Words of headings by role; the first role that knows the heading is guessed.
_GUESSES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (COST_CENTRE, ("kustannuspaikka", "kp", "kostnadsställe", "cost centre", "cost center")),
    (COST_TYPE, ("kululaji", "kuluerä", "kustannuslaji", "menolaji", "tiliryhmä", "kostnadsslag", "cost type")),
    (ACCOUNT, ("tili", "tilinumero", "konto", "account")),
    (SECTOR, ("toimiala", "vastuualue", "sektori", "tulosalue", "verksamhetsområde", "sector")),
    (MONTH, ("kuukausi", "kk", "kausi", "månad", "month", "period")),
    (INTERNAL, ("sisäinen", "sis", "intern", "internal")),
    (
        AMOUNT,
        ("summa", "euroa", "eur", "€", "määrä", "toteuma", "talousarvio", "ta", "budjetti", "ennuste", "belopp",
         "budget", "amount", "actual", "forecast"),
    ),
)  # fmt: skip
_MONTH_WORDS = (
    "tammi",
    "helmi",
    "maalis",
    "huhti",
    "touko",
    "kesä",
    "heinä",
    "elo",
    "syys",
    "loka",
    "marras",
    "joulu",
)
_SHORT_MONTHS = ("jan", "feb", "mar", "apr", "ma", "jun", "jul", "aug", "sep", "o", "nov", "dec")
_NUMBERED = re.compile(r"(?:kk ?)?(1[0-2]|0?[1-9])(?:[./ ](?:20)?[0-9]{2})?(?: ?kk)?")
_DAY = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])-[0-9]{2}")
#: So many columns of a file are understood, and so much of a heading.
COLUMNS, HEAD_CHARACTERS = 60, 60
_HEADER_ROWS = 25
_SUMS = ("yhteensä", "summa", "total", "totalt", "kaikki yhteensä")


def told(value: Value) -> str:
    """The cell as one plain line of text, faults included."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else plain(str(value))


def heading(value: Value) -> str:
    """A heading as it is compared: the part that is shown when columns are chosen."""
    return told(value)[:HEAD_CHARACTERS].casefold()


@dataclass(frozen=True)
class Headed:
    """A sheet known by its headings, and what each of its columns (from 0) is; `header_row` counts from 0.

    What every mapping of a file shares; those of one kind of file add how their rows are read.
    """

    sheet: str = ""
    header_row: int = 0
    heads: list[str] = field(default_factory=list)
    roles: dict[int, str] = field(default_factory=dict)

    def column(self, role: str) -> int | None:
        """The first column of that role."""
        return next((at for at, name in sorted(self.roles.items()) if name == role), None)

    def fits(self, sheets: Iterable[Sheet]) -> Sheet | None:
        """The sheet whose headings are those of the mapping; one of its name first."""
        candidates = sorted(sheets, key=lambda sheet: sheet.name != self.sheet)
        return next(
            (sheet for sheet in candidates if self.heads and heads_of(sheet, self.header_row) == self.heads),
            None,
        )

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"roles": {str(at): role for at, role in self.roles.items()}}

    @classmethod
    def of_json(cls, stored: Mapping[str, Any]) -> Self:
        known = {name: stored[name] for name in cls.__dataclass_fields__ if name in stored}
        roles = {int(at): role for at, role in stored.get("roles", {}).items()}
        return cls(**(known | {"roles": roles}))


@dataclass(frozen=True)
class FileMapping(Headed):
    """How a file of the books is read. `sectors` and `cost_types` lead from the file's name (casefolded) to a key of
    the programme, to "" for rows that are left out.
    """

    unit: Unit = "eur"
    is_flipped: bool = False
    fills_down: bool = False
    left_out: list[str] = field(default_factory=lambda: list(_SUMS))
    internal_marks: list[str] = field(default_factory=list)
    internal_accounts: list[str] = field(default_factory=list)
    sectors: dict[str, str] = field(default_factory=dict)
    cost_types: dict[str, str] = field(default_factory=dict)

    @property
    def sector_column(self) -> int | None:
        """The column that tells the sector; without one, the cost centre's."""
        found = self.column(SECTOR)
        return self.column(COST_CENTRE) if found is None else found

    @property
    def cost_type_column(self) -> int | None:
        """The column that tells the cost type; without one, the account's."""
        found = self.column(COST_TYPE)
        return self.column(ACCOUNT) if found is None else found

    @property
    def month_columns(self) -> list[tuple[int, int]]:
        """(column, month 1 to 12) of amounts that stand in a column for each month."""
        return [(at, MONTHS.index(role) + 1) for at, role in sorted(self.roles.items()) if role in MONTHS]

    @property
    def lacks(self) -> list[str]:
        """Codes of what is missing before rows can be read."""
        found = []
        if self.sector_column is None:
            found.append("no_sector_column")
        if self.cost_type_column is None:
            found.append("no_cost_type_column")
        if self.column(AMOUNT) is None and not self.month_columns:
            found.append("no_amount_column")
        if self.column(AMOUNT) is not None and self.month_columns:
            found.append("two_kinds_of_amounts")
        return found

    @property
    def is_annual(self) -> bool:
        """Whether the amounts are of a whole year."""
        return not self.month_columns and self.column(MONTH) is None


def heads_of(sheet: Sheet, row: int) -> list[str]:
    """The headings of that row (from 0), casefolded, without empty ones at the end."""
    heads = [heading(value) for value in sheet.rows[row][:COLUMNS]] if row < len(sheet.rows) else []
    while heads and not heads[-1]:
        heads.pop()
    return heads


def guess(sheets: Sequence[Sheet]) -> FileMapping:
    """What the columns most likely are: the first row with the most headings that are known."""
    best = FileMapping(sheet=sheets[0].name if sheets else "", heads=heads_of(sheets[0], 0) if sheets else [])
    for sheet in sheets:
        for row in range(min(_HEADER_ROWS, len(sheet.rows))):
            heads = heads_of(sheet, row)
            roles = _roles_of(heads)
            if len(roles) > len(best.roles):
                best = FileMapping(sheet=sheet.name, header_row=row, heads=heads, roles=roles)
    return best


def _roles_of(heads: Sequence[str]) -> dict[int, str]:
    roles: dict[int, str] = {}
    taken: set[str] = set()
    for at, head in enumerate(heads):
        role = _role_of(head)
        if role and role not in taken:
            roles[at] = role
            taken.add(role)
    if len(taken & set(MONTHS)) >= 6:  # a column for each month: a column of sums beside them is none of ours
        return {at: role for at, role in roles.items() if role not in (AMOUNT, MONTH)}
    return {at: role for at, role in roles.items() if role not in MONTHS}


def _role_of(head: str) -> str:
    words = head.replace("-", " ").replace("_", " ").split()
    for role, names in _GUESSES:
        if head in names or any(word in names for word in words):
            return role
    for number, (finnish, short) in enumerate(zip(_MONTH_WORDS, _SHORT_MONTHS, strict=True), start=1):
        if head.startswith(finnish) or (len(short) > 2 and head.startswith(short)):
            return f"m{number}"
    if found := _NUMBERED.fullmatch(head) or _DAY.fullmatch(head):
        return f"m{int(found[1])}"
    return {"may": "m5", "maj": "m5", "oct": "m10", "okt": "m10"}.get(head[:3], "")

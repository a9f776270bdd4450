"""What the columns of a file of values are; guessed by their headings, kept under a name for the next file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.tables import Sheet
from measures.ledger.mapping import Headed, heads_of

INDICATOR, PERIOD, YEAR, TERM, MONTH = "indicator", "period", "year", "term", "month"
VALUE, COUNT, BASE, GROUP, REGION, BASELINE = "value", "count", "base", "group", "region", "baseline"

ROLES: dict[str, str | Promise] = {
    INDICATOR: _("indicator"), PERIOD: _("period: 2024, 2024-T1 or 3/2024"), YEAR: _("year"), TERM: _("term (1 to 3)"),
    MONTH: _("month"), VALUE: _("value"), COUNT: _("how many"), BASE: _("out of"), GROUP: _("group"),
    REGION: _("own county or whole country"), BASELINE: _("mark of a baseline"),
}  # fmt: skip
_GUESSES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (INDICATOR, ("mittari", "indikaattori", "tunnusluku", "mätare", "indikator", "indicator", "kpi")),
    (PERIOD, ("kausi", "jakso", "ajankohta", "period")),
    (YEAR, ("vuosi", "år", "year")),
    (TERM, ("tertiaali", "kolmannes", "tertial", "term")),
    (MONTH, ("kuukausi", "kk", "månad", "month")),
    (
        BASE,
        ("vastaajia", "yhteensä", "joukko", "kaikki", "esihenkilöitä", "respondents", "base", "total", "n"),
    ),
    (COUNT, ("lukumäärä", "määrä", "kpl", "antal", "count", "number")),
    (VALUE, ("arvo", "osuus", "tulos", "%", "värde", "andel", "value", "share")),
    (GROUP, ("ryhmä", "ikäryhmä", "sukupuoli", "grupp", "group")),
    (REGION, ("alue", "region", "område")),
    (BASELINE, ("lähtötaso", "utgångsläge", "baseline")),
)
_IS_YEAR = re.compile(r"(?:19|20)\d\d")
#: A column of one year's values has the role "y2024".
_YEAR_ROLE = re.compile(r"y(\d{4})")
_HEADER_ROWS = 25


def year_role(head: str) -> str:
    """The role of a column whose heading is a year; empty for other headings."""
    return f"y{head}" if _IS_YEAR.fullmatch(head) else ""


@dataclass(frozen=True)
class ValueMapping(Headed):
    """How a file of values is read: one value a row, or a column for each year."""

    @property
    def year_columns(self) -> list[tuple[int, int]]:
        """(column, year) of values that stand in a column for each year."""
        found = [(at, _YEAR_ROLE.fullmatch(role)) for at, role in sorted(self.roles.items())]
        return [(at, int(match[1])) for at, match in found if match]

    def lacks(self, *, has_indicator: bool) -> list[str]:
        """Codes of what is missing before rows can be read; `has_indicator` when the whole file is of one."""
        found = []
        if not has_indicator and self.column(INDICATOR) is None:
            found.append("no_indicator_column")
        if not self.year_columns and self.column(PERIOD) is None and self.column(YEAR) is None:
            found.append("no_period_column")
        has_parts = self.column(COUNT) is not None and self.column(BASE) is not None
        if not self.year_columns and self.column(VALUE) is None and not has_parts:
            found.append("no_value_column")
        return found


def guess(sheets: Sequence[Sheet]) -> ValueMapping:
    """What the columns most likely are: the first row with the most headings that are known."""
    first = sheets[0] if sheets else None
    best = ValueMapping(sheet=first.name if first else "", heads=heads_of(first, 0) if first else [])
    for sheet in sheets:
        for row in range(min(_HEADER_ROWS, len(sheet.rows))):
            heads = heads_of(sheet, row)
            roles = roles_of(heads)
            if len(roles) > len(best.roles):
                best = ValueMapping(sheet=sheet.name, header_row=row, heads=heads, roles=roles)
    return best


def roles_of(heads: Sequence[str]) -> dict[int, str]:
    """The role that each heading suggests, each role once."""
    roles: dict[int, str] = {}
    for at, head in enumerate(heads):
        words = head.replace("-", " ").replace("_", " ").split()
        known = (role for role, names in _GUESSES if head in names or any(word in names for word in words))
        role = year_role(head) or next((one for one in known if one not in roles.values()), "")
        if role:
            roles[at] = role
    return roles

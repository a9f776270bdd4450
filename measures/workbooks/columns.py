"""What stands in which column of our own workbook; one list for writing and for reading.

Each sheet has a hidden first row of keys ("measure.name_fi", "2024-01"), by which columns are found wherever
they stand and whatever language they are in; the second row is for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core.text import LANGUAGES

#: Said in a hidden sheet, so that a later version knows what it reads.
SCHEMA = "measures-workbook/1"
MARK_SHEET = "_portal"

#: Names of the sheets, by what they hold.
SHEETS: Mapping[str, Any] = {
    "guide": _("Read me first"),
    "measures": _("Measures"),
    "months": _("Months"),
    "lists": _("Lists"),
}


@dataclass(frozen=True)
class Column:
    """One column. `kind`: text, day, money, yes, number, or the name of a list of choices.

    `is_open` columns may be edited; `on_new` ones only in rows that are new. Hidden ones say which row it is.
    """

    key: str
    heading: Any
    kind: str = "text"
    field: str = ""
    is_open: bool = False
    on_new: bool = False
    is_hidden: bool = False
    width: int = 14
    longest: int = 0


MEASURES: tuple[Column, ...] = (
    Column("measure.id", _("row number in the portal"), "number", "id", is_hidden=True),
    Column("measure.version", _("version of the row"), "number", "version", is_hidden=True),
    Column("measure.code", _("code"), field="code", on_new=True, width=10, longest=20),
    Column("measure.name_fi", _("name in Finnish"), field="name_fi", is_open=True, width=40, longest=500),
    Column("measure.name_sv", _("name in Swedish"), field="name_sv", is_open=True, width=24, longest=500),
    Column("measure.name_en", _("name in English"), field="name_en", is_open=True, width=24, longest=500),
    Column("measure.theme", _("theme"), "themes", width=24),
    Column("measure.goal", _("goal"), "goals", "goal_id", is_open=True, width=36),
    Column("measure.owner", _("owner"), "people", "owner_id", is_open=True, width=26),
    Column("measure.stage", _("stage"), "stages", "stage", width=14),
    Column("measure.starts_on", _("starts"), "day", "starts_on", is_open=True, width=12),
    Column("measure.ends_on", _("ends"), "day", "ends_on", is_open=True, width=12),
    Column(
        "measure.confidence_of_owner", _("delivery confidence"), "confidences", "confidence_of_owner",
        is_open=True,
    ),
    Column(
        "measure.confidence_of_pmo", _("delivery confidence by the programme office"), "confidences",
        "confidence_of_pmo", is_open=True,
    ),
    Column("measure.municipality", _("municipality"), field="municipality", is_open=True, longest=100),
    Column("measure.service_point", _("service point"), field="service_point", is_open=True, longest=200),
    Column("measure.description_fi", _("description"), field="description_fi", is_open=True, width=50),
    Column("measure.target", _("target, €"), "money", "target", width=16),
    Column("measure.illustrative", _("illustrative"), "yes", "is_illustrative"),
)  # fmt: skip

LINES: tuple[Column, ...] = (
    Column("line.id", _("line number in the portal"), "number", "line_id", is_hidden=True),
    Column("line.print", _("mark of the months"), "text", "print", is_hidden=True),
    Column("line.code", _("code"), field="code", on_new=True, width=10),
    Column("line.measure", _("measure"), width=36),
    Column("line.sector", _("sector"), "sectors", "sector_id", on_new=True, width=22),
    Column("line.cost_type", _("cost type"), "cost_types", "cost_type_id", on_new=True, width=22),
    Column("line.permanence", _("permanence"), "permanences", "permanence", on_new=True),
    Column("line.class", _("class"), "classes", "line_class", on_new=True),
    Column("line.in_base", _("in the comparison base"), "yes", "in_base", on_new=True),
    Column("line.series", _("series"), "series", "series", on_new=True, width=12),
)

#: Series that a workbook may hold. The approved plan is locked and stays at home.
SERIES = ("plan", "forecast", "claimed")


@cache
def headings() -> Mapping[str, str]:
    """Key of a column by each of its names in every language, in small letters; keys name themselves."""
    found: dict[str, str] = {}
    for language in LANGUAGES:
        with translation.override(language):
            for column in (*MEASURES, *LINES):
                found.setdefault(f"{column.key.partition('.')[0]}:{folded(str(column.heading))}", column.key)
    for column in (*MEASURES, *LINES):
        found[column.key] = column.key
    return found


def folded(text: str) -> str:
    """Text as it is compared: small letters, single spaces."""
    return " ".join(text.casefold().split())

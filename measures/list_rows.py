"""The rows of the measures list as HTML, written in one piece: fifty rows by a template take twice the time.

Every value from the database goes through `conditional_escape` here, as a template would do it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.money import DASH, Unit
from core.periods import format_date
from core.templatetags.money import amount_cells
from core.templatetags.ui import text
from measures.calculations import Levels
from measures.models import Measure
from measures.models.measures import Confidence
from measures.tables import BESIDE
from measures.wording import shown_levels
from programme.models import Programme
from programme.words import word

#: Parts of a measure that are edited in its row, in the order of the columns.
PARTS = ("stage", "owner", "dates", "confidence")


@dataclass(frozen=True)
class Words:
    """Words that every row repeats, in the active language, translated once."""

    parts: Mapping[str, str]
    stages: Mapping[str, str]
    confidence: Mapping[str, str]
    missing: str
    none: str
    by_office: str
    illustrative: str
    change: str
    choose: str


def words_of(programme: Programme, stages: Iterable[str]) -> Words:
    return Words(
        parts=part_labels(),
        stages={stage: word(programme, f"stage.{stage}") for stage in stages},
        confidence={str(level): str(level.label) for level in Confidence},
        missing=_("owner missing"),
        none=_("not given"),
        by_office=_("by the programme office"),
        illustrative=_("illustrative"),
        change=_("change"),
        choose=_("Choose"),
    )


def part_labels() -> dict[str, str]:
    """What each part is called, as in the headings of the list."""
    return {"stage": _("Stage"), "owner": _("Owner"), "dates": _("Dates"), "confidence": _("Confidence")}


def rows_html(
    programme: Programme,
    measures: list[Measure],
    levels: Mapping[int, Levels],
    unit: Unit,
    *,
    editable: set[int],
    may_choose: bool,
) -> SafeString:
    """`<tr>` of each measure: what it is, what may be edited in place, its figures. No queries."""
    words = words_of(programme, {measure.stage for measure in measures})
    base = reverse("measures:measure_list", args=[programme.slug])
    return mark_safe(
        "".join(
            _row(measure, levels[measure.pk], unit, words, base, measure.pk in editable, may_choose)
            for measure in measures
        )
    )


def _row(
    measure: Measure, levels: Levels, unit: Unit, words: Words, base: str, may_edit: bool, may_choose: bool
) -> str:
    code, url = conditional_escape(measure.code), f"{base}{measure.code}/"
    tag = f' <span class="tag">{words.illustrative}</span>' if measure.is_illustrative else ""
    pick = (
        f'<td class="pick"><label><input type="checkbox" name="row" value="{measure.pk}" form="bulk-form">'
        f'<span class="visually-hidden">{words.choose} {code}</span></label></td>'
        if may_choose
        else ""
    )
    parts = "".join(
        f'<td data-label="{words.parts[part]}">{part_html(measure, part, words, url if may_edit else "")}</td>'
        for part in PARTS
    )
    return (
        f'<tr>{pick}<th scope="row"><a href="{url}"><span class="measure-code">{code}</span>'
        f" {conditional_escape(text(measure))}</a>{tag}"
        f'<span class="sub">{conditional_escape(text(measure.goal))}</span></th>'
        f"{parts}{amount_cells(shown_levels(levels, unit, BESIDE))}</tr>"
    )


def part_html(measure: Measure, part: str, words: Words, url: str) -> SafeString:
    """One part of a measure as its cell shows it; with the measure's address it is a link to its small form."""
    shown = _SHOWN[part](measure, words)
    if not url or (part == "stage" and measure.stage == "withdrawn"):
        return shown
    # hx-target, hx-sync and the like stand once, on the table's body. The code is capitals, digits, "." and "-".
    href = f"{url}part/{part}/"
    return mark_safe(
        f'<a class="cell-edit" href="{href}" hx-get="{href}">{shown}'
        f'<span class="visually-hidden">, {words.change} {measure.code}</span></a>'
    )


def _stage(measure: Measure, words: Words) -> Any:
    return conditional_escape(words.stages[measure.stage])


def _owner(measure: Measure, words: Words) -> Any:
    if measure.owner is None:
        return mark_safe(f'<span class="sub--missing">{words.missing}</span>')
    return conditional_escape(str(measure.owner))


def _dates(measure: Measure, _words: Words) -> Any:
    if measure.starts_on is None and measure.ends_on is None:
        return DASH
    # An end that is not known is left open: 1.4.2024–
    starts, ends = (format_date(day) if day else "" for day in (measure.starts_on, measure.ends_on))
    return mark_safe(f"{starts}\u2013<wbr>{ends}")


def _confidence(measure: Measure, words: Words) -> Any:
    if measure.confidence_of_pmo:
        level = words.confidence[measure.confidence_of_pmo]
        return mark_safe(f'{level} <span class="sub">{words.by_office}</span>')
    if measure.confidence_of_owner:
        return words.confidence[measure.confidence_of_owner]
    return mark_safe(f'<span class="muted">{words.none}</span>')


_SHOWN = {"stage": _stage, "owner": _owner, "dates": _dates, "confidence": _confidence}


def parts_of(programme: Programme, measure: Measure, *, may_edit: bool) -> dict[str, SafeString]:
    """Each part as it stands on the card, and in a cell after it was edited."""
    url = reverse("measures:measure_detail", args=[programme.slug, measure.code]) if may_edit else ""
    words = words_of(programme, [measure.stage])
    return {part: part_html(measure, part, words, url) for part in PARTS}

"""The measures list as it is declared: its columns and what each is sorted by."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from core.listing import Asked, Column, Listing
from core.text import finnish_order
from measures.calculations import Clock
from measures.models import Measure, Stage
from measures.models.measures import Confidence
from measures.ranking import RANKED, ranking
from measures.wording import LEVEL_WORDS
from programme.models import Programme


def _in_order(field: str, values: Any) -> Case:
    """Sorts by the place of a stored word in its enumeration; a word that is not there comes last."""
    cases = [When(**{field: value}, then=Value(place)) for place, value in enumerate(values)]
    return Case(*cases, default=None, output_field=IntegerField())


def _confidence() -> Case:
    """The programme office's word before the owner's."""
    levels = [Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW]
    office = [When(confidence_of_pmo=level, then=Value(place)) for place, level in enumerate(levels)]
    owner = [When(confidence_of_owner=level, then=Value(place)) for place, level in enumerate(levels)]
    return Case(*office, *owner, default=None, output_field=IntegerField())


MEASURES = Listing(
    "measures:measure_list",
    [
        Column("code", _("Measure"), ["code"]),
        Column("name", _("Name"), [finnish_order("name_fi")], shown=False),
        Column("goal", _("Theme and goal"), ["goal__theme__number", "goal__number"], shown=False),
        Column("stage", _("Stage"), [_in_order("stage", Stage.values)]),
        Column("owner", _("Owner"), ["owner__last_name", "owner__first_name"]),
        Column("starts", _("Dates"), ["starts_on"]),
        Column("confidence", _("Confidence"), [_confidence()]),
        *(Column(level, LEVEL_WORDS[level], css="num", is_sorted=True) for level in RANKED),
        Column("priority", _("Order of priority"), ["priority"], shown=False),
        Column("updated", _("Latest change"), ["updated_at"], starts_descending=True, shown=False),
    ],
    default="code",
    ties=("code",),
)


def page_of(
    listing: Asked, rows: QuerySet[Measure], programme: Programme, *, is_narrowed: bool
) -> tuple[Page, Clock | None]:
    """The page asked for with its measures as `object_list`, and the clock of its order when it has one.

    Sorted by a figure, the order is that of the whole programme and only the page's rows are read.
    """
    level = listing.column.key
    if level not in RANKED:
        page = listing.paged(listing.ordered(rows))
        page.object_list = list(page.object_list)
        return page, None
    order = ranking(programme, level)
    page = listing.paged(order.ids(among=rows if is_narrowed else None, descending=listing.is_descending))
    found = {row.pk: row for row in rows.filter(pk__in=list(page.object_list)).order_by()}
    page.object_list = [found[key] for key in page.object_list if key in found]
    return page, order.clock

"""List pages: sortable columns, paging and saved views from one declaration.

    MEASURES = Listing("measures:measure_list", [Column("code", _("Measure"), ("code",)), ...], default="code")

    listing = MEASURES.asked(request, programme)
    page = listing.paged(listing.ordered(rows))

The address holds everything: filters, `sort` (a column's key, with "-" for the other way), `page`, and `view`,
the saved view it began with. `_components/sort_header.html`, `saved_views.html`, `bulk_bar.html` and
`pagination.html` show it; see the demands on their context at the top of each file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.auth import get_user_model
from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise

from config.limits import PAGE_ROWS
from core.models import SavedView
from core.permissions import ACTIONS, can

#: Parameters of a list's address that are no part of what a saved view keeps.
PASSING = ("page", "view", "format")


@dataclass(frozen=True)
class Column:
    """One column: its heading, and the fields it is sorted by; without `key` or `order` it is not sorted.

    `order` holds names of fields or expressions, in ascending order. A column that the database cannot sort
    by (a figure worked out elsewhere) says `order=()` and `is_sorted=True`: the page orders it itself.
    `css` goes on the heading, "num" for figures; `small` is said under the label. `starts_descending`: the first
    click gives the latest or the most. A column that is not `shown` is offered in the select of orders only.
    """

    key: str
    label: str | Promise
    order: Sequence[Any] = ()
    css: str = ""
    small: str | Promise = ""
    is_sorted: bool | None = None
    starts_descending: bool = False
    shown: bool = True

    @property
    def is_sortable(self) -> bool:
        return bool(self.key) and (bool(self.order) if self.is_sorted is None else self.is_sorted)


@dataclass(frozen=True)
class Header:
    """One heading ready to print. `direction` is "ascending", "descending" or "", the word of aria-sort."""

    label: str
    small: str
    css: str
    href: str
    direction: str


@dataclass(frozen=True)
class ViewLink:
    """A saved view to choose: its whole address, whether it is the chosen one, whether it is the reader's own."""

    view: SavedView
    href: str
    is_chosen: bool
    is_own: bool


@dataclass(frozen=True)
class Listing:
    """A list page as it is declared, once for each page. `page` is its URL name, called with the slug only."""

    page: str
    columns: Sequence[Column]
    default: str
    #: Decides between equals, so that a row never stands on two pages.
    ties: Sequence[str] = ("pk",)
    rows: int = PAGE_ROWS

    def asked(
        self,
        request: HttpRequest,
        programme: Any,
        *,
        labels: dict[str, str] | None = None,
        small: dict[str, str] | None = None,
    ) -> Asked:
        """The list as this request asks for it. `labels` and `small` say the words known only now, by column."""
        return Asked(self, request, programme, labels or {}, small or {})


@dataclass
class Asked:
    """One request of a list page: order, page and saved views. `listing` in templates."""

    listing: Listing
    request: HttpRequest
    programme: Any
    labels: dict[str, str] = field(default_factory=dict)
    small: dict[str, str] = field(default_factory=dict)

    # --- order ------------------------------------------------------------------------------------------

    @cached_property
    def sort(self) -> str:
        """The key in the address when a column has it, else the list's own order."""
        asked = self.request.GET.get("sort", "")
        known = {column.key for column in self.listing.columns if column.is_sortable}
        return asked if asked.removeprefix("-") in known else self.listing.default

    @property
    def is_descending(self) -> bool:
        return self.sort.startswith("-")

    @property
    def column(self) -> Column:
        """The column that the list is sorted by."""
        key = self.sort.removeprefix("-")
        return next(column for column in self.listing.columns if column.key == key)

    def ordered(self, rows: QuerySet) -> QuerySet:
        """The rows in the order asked for; what is not known comes last in both directions."""
        first = [_directed(name, descending=self.is_descending) for name in self.column.order]
        return rows.order_by(*first, *self.listing.ties)

    def paged(self, rows: Any) -> Page:
        """The page asked for; one beyond the last is the last."""
        return Paginator(rows, self.listing.rows).get_page(self.request.GET.get("page"))

    @cached_property
    def headers(self) -> list[Header]:
        """Headings in order; a click on the one in use turns it round."""
        return [self._header(column) for column in self.listing.columns if column.shown]

    def _header(self, column: Column) -> Header:
        label = self.labels.get(column.key, str(column.label))
        small = self.small.get(column.key, str(column.small))
        if not column.is_sortable:
            return Header(label, small, column.css, "", "")
        direction = ""
        if column.key == self.sort.removeprefix("-"):
            direction = "descending" if self.is_descending else "ascending"
        turns = direction == "ascending" or (not direction and column.starts_descending)
        key = f"-{column.key}" if turns else column.key
        return Header(label, small, column.css, self.address(sort=key, page=None), direction)

    @cached_property
    def orders(self) -> list[tuple[str, str, bool]]:
        """Key, label and whether it is in use: the orders as a select, for those who see no headings (phones)."""
        found = []
        for column in self.listing.columns:
            if column.is_sortable:
                first = f"-{column.key}" if column.starts_descending else column.key
                used = self.sort.removeprefix("-") == column.key
                label = self.labels.get(column.key, str(column.label))
                found.append((self.sort if used else first, label, used))
        return found

    # --- address ----------------------------------------------------------------------------------------

    def address(self, **changes: str | None) -> str:
        """The query string with some parameters changed, None takes one away. Starts with "?"."""
        query = self.request.GET.copy()
        for key, value in changes.items():
            if value is None:
                query.pop(key, None)
            else:
                query[key] = value
        return f"?{query.urlencode()}"

    @cached_property
    def query(self) -> str:
        """What a saved view keeps of the address: filters, order and unit."""
        return kept_query(self.request.GET)

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The same as pairs, for hidden fields of forms that lead to the same rows."""
        return [(key, value) for key, values in QueryDict(self.query).lists() for value in values]

    # --- saved views ------------------------------------------------------------------------------------

    @cached_property
    def views(self) -> list[ViewLink]:
        """The reader's own views and those offered to the programme, by name. One query, when first asked for.

        Offered are views of people who still may: who lost the right or the roles offers nothing.
        """
        user = self.request.user
        may_share = get_user_model().objects.filter(
            is_active=True, grants__programme=self.programme, grants__role__in=ACTIONS["view.share"]
        )
        rows = SavedView.objects.filter(
            Q(user=user) | Q(is_shared=True, user__in=may_share),
            programme=self.programme,
            page=self.listing.page,
        ).select_related("user")
        chosen = self.request.GET.get("view", "")
        return [
            ViewLink(
                view,
                f"?{view.query}{'&' if view.query else ''}view={view.pk}",
                str(view.pk) == chosen,
                view.user_id == user.pk,
            )
            for view in sorted(rows, key=lambda view: (view.user_id != user.pk, view.name.casefold()))
        ]

    @cached_property
    def chosen(self) -> ViewLink | None:
        """The saved view that the address began with."""
        return next((link for link in self.views if link.is_chosen), None)

    @property
    def is_changed(self) -> bool:
        """Whether filters or order were changed since the view was chosen."""
        return self.chosen is not None and kept_query(QueryDict(self.chosen.view.query)) != self.query

    @cached_property
    def may_share(self) -> bool:
        return can(self.request.user, "view.share", self.programme)


def kept_query(parameters: QueryDict) -> str:
    """Filters and order without empty values and what only passes, in one spelling, so that two can be compared."""
    kept = QueryDict(mutable=True)
    for key in sorted(parameters):
        values = [value for value in parameters.getlist(key) if value]
        if key not in PASSING and values:
            kept.setlist(key, values)
    return kept.urlencode()


def _directed(name: Any, *, descending: bool) -> Any:
    """Ascending PostgreSQL puts NULL last by itself, and a plain name can use an index."""
    if not descending:
        return name
    if isinstance(name, OrderBy):
        turned = name.copy()
        turned.descending = not turned.descending
        return turned
    return (F(name) if isinstance(name, str) else name).desc(nulls_last=True)

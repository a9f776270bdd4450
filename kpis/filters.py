"""The filters of the wall of indicators: every one is a parameter of the address."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import django_filters
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core import asof
from core.text import LANGUAGES
from kpis.lateness import is_late
from kpis.models import Indicator, Observation, Outcome
from programme.models import Programme

_CHOICES = """
    SELECT 'level', number::text, name_fi, name_sv, name_en, number::int
    FROM kpis_monitoringlevel WHERE programme_id = %(p)s
    UNION ALL
    SELECT 'owner', person.id::text, coalesce(nullif(trim(person.first_name || ' ' || person.last_name), ''),
        person.username), '', '', 0
    FROM accounts_user person WHERE person.id IN (
        SELECT owner_id FROM kpis_indicator WHERE programme_id = %(p)s)
"""
VISION, NO_RULE, NOBODY = "vision", "none", "none"
MISSING, LATE = "missing", "late"


class IndicatorFilter(django_filters.FilterSet):
    """Narrows the indicators of one programme. What is late is told by `is_shown`, row by row."""

    q = django_filters.CharFilter(method="search", label=_("Search"))
    level = django_filters.ChoiceFilter(method="of_level", label=_("Level"), empty_label=_("all"))
    status = django_filters.ChoiceFilter(
        method="of_status", label=_("Status"), empty_label=_("all"),
        choices=[*Outcome.choices, (NO_RULE, _("no target"))],
    )  # fmt: skip
    owner = django_filters.ChoiceFilter(method="of_owner", label=_("Owner"), empty_label=_("all"))
    hyte = django_filters.ChoiceFilter(
        field_name="is_hyte", label=_("HYTE coefficient"), empty_label=_("all"),
        choices=[("True", _("HYTE indicators"))],
    )  # fmt: skip
    needs = django_filters.ChoiceFilter(
        method="of_need", label=_("Needs somebody"), empty_label=_("all"),
        choices=[(MISSING, _("baseline missing")), (LATE, _("new value is late"))],
    )  # fmt: skip

    class Meta:
        model = Indicator
        fields: list[str] = []

    def __init__(self, data: Any, *, programme: Programme, queryset: QuerySet[Indicator]) -> None:
        super().__init__(data, queryset=queryset)
        levels, owners = _choices(programme)
        self.filters["level"].extra["choices"] = [*levels, (VISION, _("long-term vision"))]
        self.filters["owner"].extra["choices"] = [*owners, (NOBODY, _("nobody: the owner is missing"))]

    # --- narrowing --------------------------------------------------------------------------------

    def search(self, rows: QuerySet[Indicator], _name: str, text: str) -> QuerySet[Indicator]:
        """Every word must stand in a name or definition."""
        for term in text.split()[:8]:
            anywhere = Q(pk=None)
            for language in LANGUAGES:
                anywhere |= Q(**{f"name_{language}__icontains": term})
                anywhere |= Q(**{f"definition_{language}__icontains": term})
            rows = rows.filter(anywhere)
        return rows

    def of_level(self, rows: QuerySet[Indicator], _name: str, value: str) -> QuerySet[Indicator]:
        if value == VISION:
            return rows.filter(scope=Indicator.Scope.VISION)
        return rows.filter(level__number=int(value))

    def of_status(self, rows: QuerySet[Indicator], _name: str, value: str) -> QuerySet[Indicator]:
        if asof.past() is not None:  # the kept answer is today's: `is_shown` looks at that day's
            return rows
        if value == NO_RULE:
            return rows.filter(Q(summary=None) | Q(summary__outcome=""))
        return rows.filter(summary__outcome=value)

    def of_owner(self, rows: QuerySet[Indicator], _name: str, value: str) -> QuerySet[Indicator]:
        return rows.filter(owner=None) if value == NOBODY else rows.filter(owner=int(value))

    def of_need(self, rows: QuerySet[Indicator], _name: str, value: str) -> QuerySet[Indicator]:
        return missing_baseline(rows) if value == MISSING else rows

    def is_shown(self, indicator: Any, today: date) -> bool:
        """Whether the row stays; lateness follows each indicator's own cycle."""
        status = self.form.cleaned_data.get("status")
        if status and asof.past() is not None and (indicator.shown.outcome or NO_RULE) != status:
            return False
        if self.form.cleaned_data.get("needs") != LATE:
            return True
        return is_late(indicator, indicator.shown.latest_period, today)

    # --- telling ----------------------------------------------------------------------------------

    @property
    def is_narrowing(self) -> bool:
        """Whether any filter is in use."""
        return any(self.data.get(name) for name in self.filters)

    @property
    def fields(self) -> Iterable[Any]:
        """The selects, for the form."""
        return [self.form[name] for name in ("level", "status", "needs", "owner", "hyte")]


def missing_baseline(rows: QuerySet[Indicator]) -> QuerySet[Indicator]:
    """Indicators that wait for a starting value: the programme asks for one, or their rule cannot do without."""
    starts = Observation.objects.filter(indicator=OuterRef("pk"), is_baseline=True, region_role="own")
    return rows.filter(
        Q(summary__outcome=Outcome.BASELINE_MISSING) | Q(needs_baseline=True) & ~Exists(starts)
    )


def _choices(programme: Programme) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Levels and owners to choose from, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_CHOICES, {"p": programme.pk})
        rows = sorted(cursor.fetchall(), key=lambda row: (row[5], row[2]))
    active = (get_language() or "fi")[:2]
    found: dict[str, list[tuple[str, str]]] = {"level": [], "owner": []}
    for kind, key, *names, number in rows:
        by_language = dict(zip(LANGUAGES, names, strict=True))
        name = by_language.get(active) or next((text for text in names if text), key)
        found[kind].append((key, f"{number}: {name}" if kind == "level" else name))
    return found["level"], found["owner"]

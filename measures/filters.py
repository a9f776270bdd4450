"""The filters of the measures list: every one is a parameter of the address."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import django_filters
from django import forms
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.text import LANGUAGES
from core.widgets import quicken
from measures.models import Measure, Overlap, SavingsEntry, SavingsLine, Series, Stage
from measures.models.measures import searched_text
from programme.models import Programme
from programme.words import stages, word

Choices = list[tuple[str, str]]

_CHOICES = """
    SELECT 'theme', key, name_fi, name_sv, name_en, number::int, 0 FROM programme_theme WHERE programme_id = %(p)s
    UNION ALL
    SELECT 'goal', goal.key, goal.name_fi, goal.name_sv, goal.name_en,
        theme.number * 10000 + coalesce(parent.number, goal.number) * 100
            + CASE WHEN parent.id IS NULL THEN 0 ELSE goal.number END,
        CASE WHEN parent.id IS NULL THEN 0 ELSE 1 END
    FROM programme_goal goal JOIN programme_theme theme ON theme.id = goal.theme_id
    LEFT JOIN programme_goal parent ON parent.id = goal.parent_id WHERE goal.programme_id = %(p)s
    UNION ALL
    SELECT 'sector', key, name_fi, name_sv, name_en, position, 0 FROM programme_sector WHERE programme_id = %(p)s
    UNION ALL
    SELECT 'segment', key, name_fi, name_sv, name_en, position, 0 FROM programme_segment WHERE programme_id = %(p)s
    UNION ALL
    SELECT 'cost_type', key, name_fi, name_sv, name_en, position, CASE WHEN parent_id IS NULL THEN 0 ELSE 1 END
    FROM programme_costtype WHERE programme_id = %(p)s
    UNION ALL
    SELECT 'owner', people.id::text, people.name, '', '', 0, 0 FROM (
        SELECT DISTINCT person.id, coalesce(nullif(trim(person.first_name || ' ' || person.last_name), ''),
            person.username) AS name
        FROM measures_measure measure JOIN accounts_user person ON person.id = measure.owner_id
        WHERE measure.programme_id = %(p)s
    ) people
    UNION ALL
    SELECT 'project', slug, name_fi, name_sv, name_en, 0, 0 FROM programme_project WHERE programme_id = %(p)s
    UNION ALL
    SELECT 'initiative', key, name_fi, name_sv, name_en, position, 0 FROM programme_linkedinitiative
    WHERE programme_id = %(p)s
"""

LEVEL_CHOICES = [
    ("plan", _("has a plan")),
    ("plan_approved", _("has an approved plan")),
    ("forecast", _("has a forecast")),
    ("claimed", _("has claims")),
    ("confirmed", _("has confirmed savings")),
    ("undecided", _("has undecided claims")),
    ("refused", _("has refused claims")),
]


@dataclass
class ListChoices:
    """What the selects of the filter form offer, by parameter."""

    by_name: dict[str, Choices] = field(default_factory=lambda: defaultdict(list))

    def __getitem__(self, name: str) -> Choices:
        return self.by_name[name]


def list_choices(programme: Programme) -> ListChoices:
    """What measures of a programme can be narrowed by, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_CHOICES, {"p": programme.pk})
        rows = sorted(cursor.fetchall(), key=lambda row: (row[0], row[5], row[2]))
    active = (get_language() or "fi")[:2]
    found = ListChoices()
    for kind, key, *rest in rows:
        names = dict(zip(LANGUAGES, rest[:3], strict=True))
        name = names.get(active) or next((text for text in names.values() if text), key)
        found.by_name[kind].append((key, f"\u2003{name}" if rest[4] else name))
    found.by_name["owner"].append(("none", str(_("nobody: the owner is missing"))))
    return found


def _net_claim() -> CombinedExpression:
    """A claim less what its line yields to another in that month (R5): what may be confirmed of it."""
    yielded = (
        Overlap.objects.filter(yielding_line=OuterRef("line"), first_month__lte=OuterRef("month"))
        .filter(Q(last_month=None) | Q(last_month__gte=OuterRef("month")))
        .order_by()
        .values("yielding_line")
        .annotate(cents=Sum("amount_eur_cents"))
        .values("cents")
    )
    return F("amount_eur_cents") - Coalesce(Subquery(yielded), Value(0))


class MeasureFilter(django_filters.FilterSet):
    """Narrows the measures of one programme; unknown values are said, not passed over."""

    q = django_filters.CharFilter(method="search", label=_("Search"))
    theme = django_filters.ChoiceFilter(field_name="goal__theme__key", label=_("Theme"), empty_label=_("all"))
    goal = django_filters.ChoiceFilter(method="of_goal", label=_("Goal"), empty_label=_("all"))
    sector = django_filters.ChoiceFilter(method="of_line", label=_("Sector"), empty_label=_("all"))
    cost_type = django_filters.ChoiceFilter(method="of_line", label=_("Cost type"), empty_label=_("all"))
    stage = django_filters.ChoiceFilter(label=_("Stage"), empty_label=_("all"))
    owner = django_filters.ChoiceFilter(method="of_owner", label=_("Owner"), empty_label=_("all"))
    segment = django_filters.ChoiceFilter(
        field_name="segments__key", label=_("Client segment"), empty_label=_("all")
    )
    project = django_filters.ChoiceFilter(
        field_name="project__slug", label=_("Project"), empty_label=_("all")
    )
    initiative = django_filters.ChoiceFilter(
        field_name="linked_initiative__key", label=_("Linked project"), empty_label=_("all")
    )
    level = django_filters.ChoiceFilter(
        method="with_level", choices=LEVEL_CHOICES, label=_("Figures"), empty_label=_("all")
    )
    active = django_filters.ChoiceFilter(
        method="of_activity",
        label=_("State"),
        empty_label=_("all"),
        choices=[("1", _("not withdrawn")), ("0", _("withdrawn"))],
    )
    in_base = django_filters.ChoiceFilter(
        method="of_base",
        label=_("Comparison base"),
        empty_label=_("all"),
        choices=[("1", _("has lines in the base")), ("0", _("only new lines"))],
    )
    illustrative = django_filters.ChoiceFilter(
        method="of_example",
        label=_("Illustrative"),
        empty_label=_("all"),
        choices=[("1", _("illustrative examples")), ("0", _("the programme's own"))],
    )

    class Meta:
        model = Measure
        fields: list[str] = []

    def __init__(self, data: Any, *, programme: Programme, queryset: QuerySet[Measure]) -> None:
        super().__init__(data, queryset=queryset)
        choices = list_choices(programme)
        for name in ("theme", "goal", "sector", "segment", "cost_type", "owner", "project", "initiative"):
            self.filters[name].extra["choices"] = choices[name]
        order = dict.fromkeys([*stages(programme), *Stage.values])
        self.filters["stage"].extra["choices"] = [
            (stage, word(programme, f"stage.{stage}")) for stage in order
        ]

    @property
    def form(self) -> Any:
        """The form of the filters; its selects hold hundreds of options between them."""
        if not hasattr(self, "_form"):
            quicken(super().form)
        return self._form

    # --- narrowing --------------------------------------------------------------------------------

    def search(self, rows: QuerySet[Measure], _name: str, text: str) -> QuerySet[Measure]:
        """Every word must stand in the code, a name or a description."""
        rows = rows.alias(searched=searched_text())
        for term in text.split()[:8]:
            rows = rows.filter(searched__icontains=term)
        return rows

    def of_goal(self, rows: QuerySet[Measure], _name: str, key: str) -> QuerySet[Measure]:
        """A goal holds its sub-goals."""
        return rows.filter(Q(goal__key=key) | Q(goal__parent__key=key))

    def of_line(self, rows: QuerySet[Measure], name: str, key: str) -> QuerySet[Measure]:
        lines = SavingsLine.objects.filter(measure=OuterRef("pk"))
        here = Q(**{f"{name}__key": key})
        if name == "cost_type":
            here |= Q(cost_type__parent__key=key)
        return rows.filter(Exists(lines.filter(here)))

    def of_owner(self, rows: QuerySet[Measure], _name: str, value: str) -> QuerySet[Measure]:
        return rows.filter(owner=None) if value == "none" else rows.filter(owner=int(value))

    def of_activity(self, rows: QuerySet[Measure], _name: str, value: str) -> QuerySet[Measure]:
        return rows.exclude(stage=Stage.WITHDRAWN) if value == "1" else rows.filter(stage=Stage.WITHDRAWN)

    def of_base(self, rows: QuerySet[Measure], _name: str, value: str) -> QuerySet[Measure]:
        in_base = Exists(SavingsLine.objects.filter(measure=OuterRef("pk"), in_base=True))
        return rows.filter(in_base) if value == "1" else rows.filter(~in_base)

    def of_example(self, rows: QuerySet[Measure], _name: str, value: str) -> QuerySet[Measure]:
        return rows.filter(is_illustrative=value == "1")

    def with_level(self, rows: QuerySet[Measure], _name: str, level: str) -> QuerySet[Measure]:
        """Measures in which the level has entries: the rows behind a figure of that level."""
        entries = SavingsEntry.objects.filter(line__measure=OuterRef("pk"))
        if level in Series.values and level != Series.CLAIMED:
            return rows.filter(Exists(entries.filter(series=level)))
        claims = entries.filter(series=Series.CLAIMED)
        if level == "undecided":
            claims = claims.filter(decided_eur_cents=None)
        elif level == "confirmed":
            claims = claims.exclude(decided_eur_cents=None).exclude(decided_eur_cents=0)
        elif level == "refused":
            claims = claims.exclude(decided_eur_cents=None).annotate(net=_net_claim())
            claims = claims.exclude(decided_eur_cents=F("net"))
        return rows.filter(Exists(claims))

    # --- telling ----------------------------------------------------------------------------------

    @property
    def chosen(self) -> list[dict[str, str]]:
        """The filters in use, for the line above the list: parameter, label and value in words."""
        if not self.form.is_valid():
            return []
        told = []
        for name, bound in ((name, self.form[name]) for name in self.form.fields):
            value = self.form.cleaned_data.get(name)
            if value in (None, ""):
                continue
            words = dict(getattr(bound.field, "choices", []))
            rest = self.data.copy()
            rest.pop("page", None)
            rest.pop(name, None)
            told.append(
                {
                    "label": str(bound.label),
                    "value": str(words.get(value, value)).strip(),
                    "without": f"?{rest.urlencode()}",
                }
            )
        return told

    @property
    def is_narrowing(self) -> bool:
        """Whether any filter is in use, read or not."""
        return any(self.data.get(name) for name in self.filters)

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [self.form[name] for name in ("theme", "sector", "stage", "owner")]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [
            self.form[name]
            for name in (
                "goal",
                "cost_type",
                "segment",
                "project",
                "initiative",
                "level",
                "active",
                "in_base",
                "illustrative",
            )
        ]

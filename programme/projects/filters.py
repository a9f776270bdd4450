"""The filters of the project list: every one is a parameter of the address."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.listing import Column
from core.text import finnish_order
from programme.models import PlanPart, Programme, Project, ProjectPhase, Theme

#: The columns of the list; keys are values of `sort`.
COLUMNS = (
    Column("name", _("Project"), [finnish_order("name_fi")]),
    Column("theme", _("Theme"), ["theme__number"]),
    Column("manager", _("Manager"), ["manager__last_name", "manager__first_name"]),
    Column("state", _("State"), ["state"]),
    Column("lights", _("Lights")),
    Column("phase", _("Phase"), ["phase_number"], css="num"),
    Column("plan", _("Plan"), ["parts_there"]),
    Column("starts", _("Begins"), ["starts_on"], css="num"),
    Column("ends", _("Ends"), ["ends_on"], css="num"),
)
PLANS: tuple[tuple[str, str | Promise], ...] = (
    ("ready", _("ready")),
    ("whole", _("whole")),
    ("missing", _("parts missing")),
    ("begun", _("begun, parts missing")),
    ("none", _("not begun")),
)


class ProjectFilter(django_filters.FilterSet):
    """Narrows the projects of one programme (`selectors.projects`); unknown values are said, not passed over."""

    q = django_filters.CharFilter(method="search", label=_("Search"))
    theme = django_filters.ChoiceFilter(field_name="theme__key", label=_("Theme"), empty_label=_("all"))
    state = django_filters.ChoiceFilter(label=_("State"), empty_label=_("all"), choices=Project.State.choices)
    manager = django_filters.ChoiceFilter(method="of_manager", label=_("Manager"), empty_label=_("all"))
    phase = django_filters.ChoiceFilter(field_name="phase_number", label=_("Phase"), empty_label=_("all"))
    plan = django_filters.ChoiceFilter(method="of_plan", label=_("Plan"), empty_label=_("all"), choices=PLANS)

    class Meta:
        model = Project
        fields: list[str] = []

    def __init__(self, data: Any, *, programme: Programme, queryset: QuerySet[Project]) -> None:
        super().__init__(data, queryset=queryset)
        self.programme = programme
        self.filters["theme"].extra["choices"] = [
            (theme.key, theme.name) for theme in Theme.objects.filter(programme=programme)
        ]
        self.filters["phase"].extra["choices"] = [
            (str(phase.number), f"{phase.number}. {phase.name}")
            for phase in ProjectPhase.objects.filter(programme=programme)
        ]
        managed = Project.objects.filter(programme=programme, manager__isnull=False)
        people = User.objects.filter(pk__in=managed.order_by().values("manager"))
        self.filters["manager"].extra["choices"] = [
            *((str(person.pk), person.get_full_name() or person.get_username()) for person in people),
            ("none", _("nobody: the manager is missing")),
        ]

    def search(self, rows: QuerySet[Project], _name: str, text: str) -> QuerySet[Project]:
        """Every word must stand in a name or the short name."""
        for term in text.split()[:8]:
            fields = ("name_fi", "name_sv", "name_en", "slug")
            found = Q()
            for name in fields:
                found |= Q(**{f"{name}__icontains": term})
            rows = rows.filter(found)
        return rows

    def of_manager(self, rows: QuerySet[Project], _name: str, value: str) -> QuerySet[Project]:
        return rows.filter(manager=None) if value == "none" else rows.filter(manager=int(value))

    def of_plan(self, rows: Any, _name: str, value: str) -> Any:
        """`rows` of `selectors.projects`, which count the parts of each plan."""
        parts = PlanPart.objects.filter(programme=self.programme, is_closed=False).count()
        if value == "none":
            return rows.filter(parts_there=0)
        if value == "missing":
            return rows.filter(parts_there__lt=parts)
        if value == "ready":
            return rows.filter(parts_there=parts, plan_ready_on__isnull=False)
        if value == "whole":
            return rows.filter(parts_there=parts) if parts else rows.none()
        return rows.filter(parts_there__gt=0, parts_there__lt=parts)

    @property
    def shown(self) -> list[Any]:
        """The fields beside the search."""
        return [self.form[name] for name in ("theme", "state", "manager", "phase", "plan")]

    @property
    def is_used(self) -> bool:
        return any(self.form[name].value() for name in self.form.fields)

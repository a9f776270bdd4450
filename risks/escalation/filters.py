"""The filters of the list of obstacles: every one is a parameter of the address."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.templatetags.ui import plain_text
from programme.models import Programme, Theme
from risks.escalation.levels import Ladder
from risks.escalation.services import WAITING
from risks.models import Obstacle

OVER, SETTLED = "over", "settled"


class ObstacleFilter(django_filters.FilterSet):
    """Narrows the obstacles of a programme; without any choice those that are open."""

    show = django_filters.ChoiceFilter(
        method="of_state", label=_("State"), empty_label=_("open"),
        choices=[(OVER, _("past its time")), (SETTLED, _("answered or closed"))],
    )  # fmt: skip
    level = django_filters.ChoiceFilter(field_name="level", label=_("Waits for"), empty_label=_("all"))
    theme = django_filters.ChoiceFilter(method="of_theme", label=_("Theme"), empty_label=_("all"))

    class Meta:
        model = Obstacle
        fields: list[str] = []

    def __init__(
        self, data: Any, *, programme: Programme, ladder: Ladder, queryset: QuerySet[Obstacle], today: date
    ) -> None:
        super().__init__(data, queryset=queryset)
        self.today = today
        themes = Theme.objects.filter(programme=programme)
        self.filters["level"].extra["choices"] = [(row.level, plain_text(row)) for row in ladder.rows]
        self.filters["theme"].extra["choices"] = [(str(row.pk), plain_text(row)) for row in themes]

    def of_state(self, rows: QuerySet[Obstacle], _name: str, value: str) -> QuerySet[Obstacle]:
        if value == OVER:
            return rows.filter(state__in=WAITING, due_on__lt=self.today)
        return rows.exclude(state__in=WAITING).order_by("-raised_on", "-pk")

    def of_theme(self, rows: QuerySet[Obstacle], _name: str, value: str) -> QuerySet[Obstacle]:
        return rows.filter(Q(measure__goal__theme=int(value)) | Q(project__theme=int(value)))

    @property
    def narrowed(self) -> QuerySet[Obstacle]:
        """The rows; a choice that is none of ours narrows nothing."""
        rows: QuerySet[Obstacle] = self.qs
        return rows if self._chosen("show") else rows.filter(state__in=WAITING)

    @property
    def is_narrowing(self) -> bool:
        return any(self._chosen(name) for name in self.filters)

    def _chosen(self, name: str) -> Any:
        return self.form.cleaned_data.get(name) if self.form.is_valid() else None

    @property
    def fields(self) -> list[Any]:
        return list(self.form)

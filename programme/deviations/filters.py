"""The filters of the list of deviations: every one is a parameter of the address."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.listing import Column
from programme.models import Deviation, Programme, Theme

OPEN = "open"
COLUMNS = (
    Column("about", _("What stands out")),
    Column("kind", _("Kind"), ["kind"]),
    Column("owner", _("Owner"), ["owner__last_name", "owner__first_name"]),
    Column("state", _("State"), ["state"]),
    Column("found", _("Found"), ["found_on"], css="num", starts_descending=True),
    Column("due", _("Due"), ["due_on"], css="num"),
)
STATES = (
    (OPEN, _("all open")),
    ("gone", _("cause gone, waits to be closed")),
    *Deviation.State.choices[1:],
)


class DeviationFilter(django_filters.FilterSet):
    """Narrows the deviations of one programme; without a state those that are open."""

    kind = django_filters.ChoiceFilter(label=_("Kind"), empty_label=_("all"), choices=Deviation.Kind.choices)
    owner = django_filters.ChoiceFilter(method="of_owner", label=_("Owner"), empty_label=_("all"))
    state = django_filters.ChoiceFilter(
        method="of_state", label=_("State"), empty_label=_("all, closed ones too"), choices=STATES
    )
    theme = django_filters.ChoiceFilter(method="of_theme", label=_("Theme"), empty_label=_("all"))
    overdue = django_filters.ChoiceFilter(
        method="of_due", label=_("Due"), empty_label=_("all"), choices=[("1", _("past its day"))]
    )

    class Meta:
        model = Deviation
        fields: list[str] = []

    def __init__(self, data: Any, *, programme: Programme, queryset: QuerySet[Deviation]) -> None:
        data = data.copy() if data else {}
        data.setdefault("state", OPEN)
        super().__init__(data, queryset=queryset)
        self.programme = programme
        self.filters["theme"].extra["choices"] = [
            (str(theme.pk), theme.name) for theme in Theme.objects.filter(programme=programme)
        ]
        owners = Deviation.objects.filter(programme=programme, owner__isnull=False).order_by().values("owner")
        self.filters["owner"].extra["choices"] = [
            *(
                (str(one.pk), one.get_full_name() or one.get_username())
                for one in User.objects.filter(pk__in=owners)
            ),
            ("none", _("nobody: the owner is missing")),
        ]

    def of_owner(self, rows: QuerySet[Deviation], _name: str, value: str) -> QuerySet[Deviation]:
        return rows.filter(owner=None) if value == "none" else rows.filter(owner=int(value))

    def of_state(self, rows: QuerySet[Deviation], _name: str, value: str) -> QuerySet[Deviation]:
        if value == OPEN:
            return rows.filter(closed_on=None)
        if value == "gone":
            return rows.filter(closed_on=None, cause_gone_on__isnull=False)
        return rows.filter(state=value)

    def of_theme(self, rows: QuerySet[Deviation], _name: str, value: str) -> QuerySet[Deviation]:
        return rows.filter(params__theme=int(value))

    def of_due(self, rows: QuerySet[Deviation], _name: str, _value: str) -> QuerySet[Deviation]:
        return rows.filter(closed_on=None, due_on__lt=self.programme.today())

    @property
    def shown(self) -> list[Any]:
        return [self.form[name] for name in ("kind", "owner", "state", "theme", "overdue")]

    @property
    def is_used(self) -> bool:
        values = {name: self.form[name].value() for name in self.form.fields}
        return any(value for name, value in values.items() if (name, value) != ("state", OPEN))

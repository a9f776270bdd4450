"""Forms of themes, goals, sectors, client segments, cost types and organisation units."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max, Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from core.editing import RowForm
from core.permissions import can
from programme.models import CostType, Goal, OrganisationUnit, Sector, Segment, Theme

NAMES = ["name_fi", "name_sv", "name_en"]


class KeyedForm(RowForm):
    """A row that is known by a key, made from its name once, and stands in an order among its siblings."""

    #: The field that orders the rows, and the fields that say which rows are ordered together.
    order_field = "position"
    siblings: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        names = [name for name in NAMES if name in self.fields]
        if names and not any(cleaned.get(name) for name in names) and not self.has_error(names[0]):
            self.add_error(names[0], _("Give the name in at least one language."))
        return cleaned

    def _post_clean(self) -> None:
        if self.instance._state.adding:
            self._give_key()
        super()._post_clean()  # type: ignore[misc]

    def _give_key(self) -> None:
        """A key and a place at the end for a new row; people never see the key except in addresses."""
        model, sent = type(self.instance), self.cleaned_data
        rows = model._base_manager.filter(programme=self.programme)
        name = next((sent[field] for field in NAMES if sent.get(field)), "")
        limit = model._meta.get_field("key").max_length or 60
        self.instance.key = free_key(name, set(rows.values_list("key", flat=True)), limit)
        if self.order_field and self.order_field not in self.fields:
            beside = rows.filter(**{name: sent.get(name) for name in self.siblings})
            last = beside.aggregate(last=Max(self.order_field))["last"]
            setattr(self.instance, self.order_field, 1 if last is None else last + 1)


def free_key(name: str, taken: set[str], limit: int = 60) -> str:
    """A key from the name that no other row has: "palvelut", else "palvelut-2"."""
    stem = slugify(name)[: limit - 5].strip("-") or "row"
    number, key = 1, stem
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key


class PersonName(forms.ModelChoiceField):
    """People by their names."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.get_full_name() or obj.get_username())


class ThemeForm(KeyedForm):
    order_field = "number"
    fieldsets = [
        (None, [*NAMES, "slogan_fi", "slogan_sv", "slogan_en"]),
        (_("Who answers"), ["owner"]),
        (_("Order"), ["number"]),
    ]

    class Meta:
        model = Theme
        fields = [*NAMES, "slogan_fi", "slogan_sv", "slogan_en", "owner", "number"]
        field_classes = {"owner": PersonName}
        labels = {"owner": _("Owner"), "number": _("Number")}
        help_texts = {
            "owner": _("Answers for the theme. What the owner may change is set under People."),
            "number": _("Themes are listed by it and it stands before the name."),
        }


class ThemeTextForm(ThemeForm):
    """What a theme's own owner changes: its texts."""

    fieldsets = [(None, [*NAMES, "slogan_fi", "slogan_sv", "slogan_en"])]

    class Meta(ThemeForm.Meta):
        fields = [*NAMES, "slogan_fi", "slogan_sv", "slogan_en"]


class GoalName(forms.ModelChoiceField):
    """Goals with their numbers: 2. Digital services, 2.1 for those below another."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number}. {obj.name}"


class GoalForm(KeyedForm):
    order_field = "number"
    siblings = ("theme", "parent")
    fieldsets = [(None, NAMES), (_("Place"), ["theme", "parent"])]

    class Meta:
        model = Goal
        fields = [*NAMES, "theme", "parent"]
        field_classes = {"parent": GoalName}
        labels = {"theme": _("Theme"), "parent": _("Goal above")}
        help_texts = {"parent": _("Choose one to make this a sub-goal of it.")}

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        theme: Any = self.fields["theme"]
        themes = [row.pk for row in theme.queryset if can(self.user, "theme.edit", row)]
        theme.queryset = theme.queryset.filter(Q(pk__in=themes) | Q(pk=self.instance.theme_id))
        parent: Any = self.fields["parent"]
        above = Goal.objects.filter(programme=self.programme, parent=None, theme__in=themes)
        parent.queryset = above.exclude(pk=self.instance.pk).order_by("theme__number", "number")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        parent, theme = cleaned.get("parent"), cleaned.get("theme")
        if parent is not None and theme is not None and parent.theme_id != theme.pk:
            self.add_error(
                "parent", _("This goal belongs to another theme. Choose a goal of the same theme.")
            )
        if parent is not None and self.instance.pk and self.instance.sub_goals.exists():
            self.add_error(
                "parent", _("This goal has sub-goals of its own, so it cannot stand below another.")
            )
        return cleaned


class SectorForm(KeyedForm):
    fieldsets = [(None, [*NAMES, "number", "is_rest"])]

    class Meta:
        model = Sector
        fields = [*NAMES, "number", "is_rest"]
        labels = {"number": _("Number"), "is_rest": _("Other sectors and items common to all")}
        help_texts = {
            "number": _("As printed in the programme, when it has one."),
            "is_rest": _("Listed last."),
        }


class SectorTextForm(SectorForm):
    """What a sector's own lead changes: its name."""

    fieldsets = [(None, NAMES)]

    class Meta(SectorForm.Meta):
        fields = NAMES


class SegmentForm(KeyedForm):
    class Meta:
        model = Segment
        fields = NAMES


class CostTypeForm(KeyedForm):
    siblings = ("parent",)
    fieldsets = [
        (None, [*NAMES, "policy_fi", "policy_sv", "policy_en"]),
        (_("Place"), ["kind", "parent"]),
    ]

    class Meta:
        model = CostType
        fields = [*NAMES, "policy_fi", "policy_sv", "policy_en", "kind", "parent"]
        widgets = {name: forms.Textarea for name in ("policy_fi", "policy_sv", "policy_en")}
        labels = {"kind": _("Cost or income"), "parent": _("Part of")}
        help_texts = {"kind": _("Income is kept apart from the cost target.")}

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        parent: Any = self.fields["parent"]
        parent.queryset = parent.queryset.filter(parent=None).exclude(pk=self.instance.pk)

    def clean_parent(self) -> CostType | None:
        parent: CostType | None = self.cleaned_data["parent"]
        if parent is not None and self.instance.pk and self.instance.parts.exists():
            raise ValidationError(_("This cost type has parts of its own, so it cannot be part of another."))
        return parent


class UnitForm(KeyedForm):
    fieldsets = [(None, [*NAMES, "abbreviation", "sector"])]

    class Meta:
        model = OrganisationUnit
        fields = [*NAMES, "abbreviation", "sector"]
        labels = {"abbreviation": _("Abbreviation"), "sector": _("Sector")}
        help_texts = {"sector": _("The one sector in which the unit's costs are counted.")}

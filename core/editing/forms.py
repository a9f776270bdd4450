"""The form of one row: it knows what it first showed, so that the server can merge field by field."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core import identity_codes
from core.fields import DAY_EXAMPLE
from core.money import DASH
from core.text import LANGUAGES
from core.widgets import quicken

SALT = "core.editing"
Text = str | Promise

#: Names of texts that are written in three languages; a form may add its own (`text_labels`).
TEXT_LABELS: dict[str, Text] = {
    "name": _("Name"),
    "description": _("Description"),
    "purpose": _("Purpose"),
    "slogan": _("Slogan"),
    "content": _("Content"),
    "policy": _("Policy"),
    "label": _("Label"),
    "text": _("Text"),
    "comparison_base": _("Comparison base"),
    "responsibility": _("Responsibility"),
    "level": _("Level"),
}
LANGUAGE_NAMES: dict[str, Text] = {"fi": _("in Finnish"), "sv": _("in Swedish"), "en": _("in English")}


def canonical(field: forms.Field, value: Any) -> str:
    """A field's value as one text, the same for equal values: the currency of comparing edits."""
    value = field.prepare_value(value)
    if value is None:
        return ""
    if isinstance(value, list | tuple | set | models.QuerySet):
        return ",".join(sorted(str(field.prepare_value(part)) for part in value))
    return str(value).replace("\r\n", "\n").strip()


def needs_showing(field: forms.BoundField) -> bool:
    """Whether a folded field would hide something: what is typed in it, or what is wrong with it."""
    return bool(field.errors) or field.value() not in (None, "", [], False)


@dataclass(frozen=True)
class LanguageGroup:
    """One text in its languages."""

    label: Text
    fields: list[forms.BoundField]

    @property
    def shown(self) -> list[forms.BoundField]:
        """Languages that stand open: of a long text the first one and those that say something."""
        if not isinstance(self.fields[0].field.widget, forms.Textarea):
            return self.fields
        return [self.fields[0], *(field for field in self.fields[1:] if needs_showing(field))]

    @property
    def folded(self) -> list[forms.BoundField]:
        shown = {field.name for field in self.shown}
        return [field for field in self.fields if field.name not in shown]


@dataclass(frozen=True)
class Fieldset:
    """Fields that belong together: bound fields and language groups, under a legend when it has one."""

    legend: Text
    items: list[forms.BoundField | LanguageGroup]
    is_folded: bool = False

    @property
    def is_open(self) -> bool:
        """Whether a folded part opens by itself."""
        fields = [
            field
            for item in self.items
            for field in (item.fields if isinstance(item, LanguageGroup) else [item])
        ]
        return any(needs_showing(field) for field in fields)


class RowForm(forms.ModelForm):
    """Edits or adds one row of a programme.

    The hidden `was` carries, signed, the version and the values as first shown, and for whom. Choices of
    rows are those of the programme, choices of people those with a role in it.
    """

    #: (legend, field names) in order, with "folded" as a third word for what is rarely needed; without it the
    #: fields follow as they are declared.
    fieldsets: ClassVar[Sequence[tuple[Any, ...]]] = ()
    #: Names of texts in three languages, beside TEXT_LABELS.
    text_labels: ClassVar[Mapping[str, Any]] = {}
    #: Whether a reason is asked: "none", "optional" or "required".
    reason_rule: ClassVar[str] = "none"
    #: Many-to-many field -> the model of its links, written as the links that came and went.
    links: ClassVar[Mapping[str, type[models.Model]]] = {}

    was = forms.CharField(widget=forms.HiddenInput, required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(
        self,
        data: Any = None,
        *,
        instance: Any = None,
        programme: Any,
        user: Any,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        self.programme, self.user = programme, user
        stored = instance if instance is not None else self._meta.model()
        if stored.pk is None and _has_field(stored, "programme"):
            stored.programme = programme
        first = {"token": secrets.token_urlsafe(24)} | dict(initial or {})
        super().__init__(_taking(data, self.base_fields), instance=stored, initial=first)
        if self.reason_rule != "none":
            self.fields["reason"] = _reason_field(
                label=_("Why?") if stored.pk is None else _("Why is it changed?"),
                required=self.reason_rule == "required",
            )
        self._prepare_fields()
        quicken(self)
        self.initial["was"] = self._sign()

    # --- preparing ----------------------------------------------------------------------------------

    def _prepare_fields(self) -> None:
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = self._offered(field.queryset, name)
            if isinstance(field, forms.ChoiceField):
                _name_nothing(field)
            if isinstance(field, forms.DateField):
                field.error_messages["invalid"] = DAY_EXAMPLE
                field.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off", "class": "input--date"}
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 4
            base, _separator, language = name.rpartition("_")
            if language in LANGUAGES and f"{base}_fi" in self.fields:
                label = (
                    self.text_labels.get(base) or TEXT_LABELS.get(base) or capfirst(base.replace("_", " "))
                )
                field.label = f"{label} {LANGUAGE_NAMES[language]}"
                field.widget.attrs["lang"] = language
            elif field.label:
                field.label = capfirst(str(field.label))

    def _offered(self, rows: Any, name: str) -> Any:
        """Rows of the programme; people with a role in it and whoever is chosen now."""
        if rows.model is get_user_model():
            chosen = getattr(self.instance, f"{name}_id", None)
            may = Q(grants__programme=self.programme, is_active=True) | Q(pk=chosen)
            return rows.filter(may).distinct().order_by("last_name", "first_name", "username")
        return rows.filter(programme=self.programme) if _has_field(rows.model, "programme") else rows

    # --- what was first shown -----------------------------------------------------------------------

    @property
    def own_fields(self) -> list[str]:
        """Fields of the row itself, without links, token, reason and the like."""
        return [name for name in self.fields if name not in self.links and _has_field(self.instance, name)]

    def stored(self, row: Any) -> dict[str, str]:
        """The row's values as texts, for comparing."""
        return {name: canonical(self.fields[name], _value(row, name)) for name in self.own_fields}

    def _linked(self) -> dict[str, list[int]]:
        if self.instance.pk is None:
            return {name: [] for name in self.links if name in self.fields}
        return {
            name: sorted(getattr(self.instance, name).values_list("pk", flat=True))
            for name in self.links
            if name in self.fields
        }

    def _sign(self) -> str:
        row = self.instance
        shown = {
            "kind": row._meta.label_lower,
            "id": row.pk,
            "version": getattr(row, "version", None),
            "user": self.user.pk,
            "values": self.stored(row),
            "links": self._linked(),
        }
        return signing.dumps(shown, salt=SALT, compress=True)

    @property
    def shown(self) -> dict[str, Any]:
        """What the form that was sent had first shown; empty when it does not say so truly."""
        found = read_was(self.data.get(self.add_prefix("was"), ""))
        # A form may have been shown for a row that is made by its first saving.
        is_this = found.get("id") in (None, self.instance.pk)
        return found if is_this and found.get("kind") == self.instance._meta.label_lower else {}

    # --- what was sent ------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, value in list(cleaned.items()):
            if isinstance(value, str) and name not in ("was", "token"):
                cleaned[name] = value.replace("\r\n", "\n")
                try:
                    identity_codes.refuse(value)
                except ValidationError as refused:
                    self.add_error(name, refused)
        if self.instance.pk is not None and not self.shown:
            raise ValidationError(
                _("This form cannot be read any more. Open the page again and repeat your change."),
                code="unreadable",
            )
        return cleaned

    def sent(self) -> dict[str, str]:
        """The cleaned values as texts, for comparing."""
        return {name: canonical(self.fields[name], self.cleaned_data.get(name)) for name in self.own_fields}

    @property
    def reason(self) -> str:
        return str(self.cleaned_data.get("reason") or "")

    def quiet(self) -> RowForm:
        """Shows what was typed as it was typed, without judging it yet."""
        self._errors = ErrorDict()
        self.cleaned_data = {}
        return self

    # --- how it is shown ----------------------------------------------------------------------------

    def layout(self) -> list[Fieldset]:
        """The visible fields by fieldset; a text in several languages stands together."""
        listed = [name for _legend, names, *_rest in self.fieldsets for name in names]
        rest = [name for name in self.fields if name not in listed and not self[name].is_hidden]
        groups = [*self.fieldsets, (None, rest)] if self.fieldsets else [(None, rest)]
        made = [Fieldset(legend or "", self._items(names), bool(folded)) for legend, names, *folded in groups]
        return [fieldset for fieldset in made if fieldset.items]

    def _items(self, names: Iterable[str]) -> list[forms.BoundField | LanguageGroup]:
        items: list[forms.BoundField | LanguageGroup] = []
        grouped: dict[str, LanguageGroup] = {}
        for name in names:
            if name not in self.fields:
                continue
            base, _separator, language = name.rpartition("_")
            if language not in LANGUAGES or f"{base}_fi" not in self.fields:
                items.append(self[name])
            elif base in grouped:
                grouped[base].fields.append(self[name])
            else:
                label = (
                    self.text_labels.get(base) or TEXT_LABELS.get(base) or capfirst(base.replace("_", " "))
                )
                grouped[base] = LanguageGroup(label, [self[name]])
                items.append(grouped[base])
        return items


def read_was(blob: str) -> dict[str, Any]:
    """What a signed `was` says; empty when nobody of ours signed it."""
    try:
        return dict(signing.loads(blob, salt=SALT)) if blob else {}
    except (signing.BadSignature, ValueError):
        return {}


def _taking(data: Any, fields: Mapping[str, forms.Field]) -> Any:
    """The data with each field marked `take-<field>` put back to what the form showed as theirs."""
    if data is None:
        return None
    taken = [name for name in fields if f"take-{name}" in data]
    if not taken:
        return data
    theirs = read_was(data.get("was", "")).get("values", {})
    changed = data.copy() if isinstance(data, QueryDict) else dict(data)
    for name in taken:
        changed[name] = theirs.get(name, "")
    return changed


def _name_nothing(field: Any) -> None:
    """Says what an empty choice means instead of a row of dashes."""
    nothing = _("choose") if field.required else DASH
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label is not None:
            field.empty_label = nothing
    elif field.choices and field.choices[0][0] == "":
        field.choices = [("", nothing), *field.choices[1:]]


def _reason_field(*, label: Any, required: bool) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=_("The reason is kept in the history."),
        required=required,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _has_field(row: Any, name: str) -> bool:
    return any(field.name == name for field in row._meta.get_fields() if field.concrete)


def _value(row: Any, name: str) -> Any:
    return row._meta.get_field(name).value_from_object(row)

"""Saving a row form: one conditional UPDATE, and when somebody was faster, a merge field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.functional import Promise

from core.db import retrying
from core.editing.forms import RowForm
from core.editing.merging import Merge, merge
from core.history import own_context

#: How often a save meets somebody faster before it gives up; each try merges anew.
TRIES = 5


@dataclass(frozen=True)
class Difference:
    """One field that both changed: what it first was, what I send, what is stored now, as people read them."""

    name: str
    label: str | Promise
    original: str
    mine: str
    theirs: str


class Conflict(Exception):
    """Two people changed the same fields. Nothing was stored; `row` is how it stands now."""

    def __init__(self, row: Any, differences: list[Difference], found: Merge) -> None:
        super().__init__(", ".join(one.name for one in differences))
        self.row = row
        self.differences = differences
        self.found = found


@dataclass(frozen=True)
class Saved:
    """What a save did: the row, labels of the fields it changed and of those others had changed meanwhile."""

    row: Any
    changed: list[str | Promise] = field(default_factory=list)
    merged: list[str | Promise] = field(default_factory=list)


def unchanged_since(version: int | None) -> Q:
    """The condition that makes a save safe: the row is still the version that the form showed."""
    return Q() if version is None else Q(version=version)


@retrying
def save_edit(
    form: RowForm, by: Any, also: Mapping[str, Any] | None = None, *, merging: bool = True
) -> Saved:
    """Writes what the person changed of a valid form, and nothing else.

    `also` are columns that change in the same statement when the form changed anything. Without `merging`
    any change by somebody else meanwhile is a conflict (the API's callers merge themselves).
    Raises Conflict when somebody changed one of the same fields meanwhile, ValidationError when the merged
    row would break a rule. History gets the person and the form's reason.
    """
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=form.reason):
        saved = _write_fields(form, by, also or {}, merging)
        changed = [*saved.changed, *write_links(form, saved.row, by)]
        return Saved(saved.row, changed, saved.merged)


def _write_fields(form: RowForm, by: Any, also: Mapping[str, Any], merging: bool) -> Saved:
    shown, sent = form.shown, form.sent()
    original: dict[str, str] = shown["values"]
    mine = [name for name in sent if sent[name] != original.get(name)]
    if not mine:
        return Saved(_stored(form))
    counts = _has_version(form)
    if counts and _update(form, mine, shown["version"], by, also):
        return Saved(_stored(form), _labels(form, mine))
    for _try in range(TRIES):
        current = _stored(form, lock=not counts)
        found = merge(original=original, mine=sent, theirs=form.stored(current))
        if found.conflicts or not merging:
            raise Conflict(current, _differences(form, found, original, current), found)
        _check(form, current, found.mine)
        if not found.mine or _update(form, found.mine, getattr(current, "version", None), by, also):
            return Saved(_stored(form), _labels(form, found.mine), _labels(form, found.theirs))
    raise Conflict(current, [], found)


def _update(form: RowForm, names: Any, version: int | None, by: Any, also: Mapping[str, Any]) -> bool:
    """Whether the row was still that version and now has the form's values of these fields."""
    model = type(form.instance)
    values = {name: form.cleaned_data[name] for name in names} | dict(also)
    if any(one.name == "updated_by" for one in model._meta.fields):
        values["updated_by"] = by
    rows = model._base_manager.filter(pk=form.instance.pk)
    return rows.filter(unchanged_since(version)).update(**values) == 1


def _has_version(form: RowForm) -> bool:
    """Whether the row counts its changes. One that does not (a person) is locked and compared field by field."""
    return any(one.name == "version" for one in form.instance._meta.concrete_fields)


def _stored(form: RowForm, *, lock: bool = False) -> Any:
    """The row as it is stored now. Gone rows raise DoesNotExist: an edit brings nothing back to life."""
    rows = type(form.instance)._base_manager.all()
    return (rows.select_for_update(of=("self",)) if lock else rows).get(pk=form.instance.pk)


def _check(form: RowForm, row: Any, names: Any) -> None:
    for name in names:
        setattr(row, name, form.cleaned_data[name])
    try:
        row.full_clean()
    except ValidationError as refused:
        raise ValidationError(
            {
                (name if name in form.fields else "__all__"): errors
                for name, errors in refused.message_dict.items()
            }
        ) from refused


def _labels(form: RowForm, names: Any) -> list[str | Promise]:
    return [form.fields[name].label or name for name in names]


def _differences(form: RowForm, found: Merge, original: dict[str, str], current: Any) -> list[Difference]:
    theirs, sent = form.stored(current), form.sent()
    return [
        Difference(
            name,
            form.fields[name].label or name,
            *(readable(form.fields[name], text) for text in (original[name], sent[name], theirs[name])),
        )
        for name in found.conflicts
    ]


def readable(field: Any, text: str) -> str:
    """A canonical text as people read it: the words of a choice, the name of a row, a day as written here."""
    if text == "":
        return ""
    try:
        value = field.to_python(text)
    except ValidationError:
        return text
    if isinstance(value, models.Model):
        return str(value)
    choices = dict(getattr(field, "choices", []) or [])
    if text in choices:
        return str(choices[text])
    widget = field.widget
    return str(widget.format_value(field.prepare_value(value)) or text) if hasattr(widget, "format") else text


@retrying
def save_new(form: RowForm, by: Any) -> Any:
    """Stores a new row from a valid form, with its links."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=form.reason):
        row = form.instance
        if hasattr(row, "stamp"):
            row.stamp(by)
        row.save()
        write_links(form, row, by)
        return row


def write_links(form: RowForm, row: Any, by: Any) -> list[str | Promise]:
    """Adds the links that were chosen since the form was shown and removes those let go; labels of what moved.

    What another person linked meanwhile stays: only differences are written, so that links never conflict.
    """
    changed: list[str | Promise] = []
    before: dict[str, list[int]] = form.shown.get("links", {}) if form.instance.pk else {}
    for name, through in form.links.items():
        if name not in form.fields:
            continue
        wanted = {one.pk for one in form.cleaned_data.get(name) or []}
        was = set(before.get(name, []))
        if wanted == was:
            continue
        relation = row._meta.get_field(name)
        source, target = relation.m2m_field_name(), relation.m2m_reverse_field_name()
        rows = through._base_manager.filter(**{source: row})
        rows.filter(**{f"{target}_id__in": was - wanted}).delete()
        present = set(rows.values_list(f"{target}_id", flat=True))
        made = {"programme_id": row.programme_id, "created_by": by, "updated_by": by, source: row}
        new = [through(**made, **{f"{target}_id": pk}) for pk in sorted(wanted - was - present)]
        through._base_manager.bulk_create(new, ignore_conflicts=True)
        changed.append(form.fields[name].label or name)
    return changed

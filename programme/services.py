"""Writes of the programme app that touch several rows."""

import hashlib
from pathlib import Path
from typing import Any

from django.db import transaction

from core.db import retrying
from core.editing import Conflict, RowForm, Saved, save_edit
from core.editing.merging import Merge, merge
from core.editing.saving import Difference
from core.history import own_context
from programme.forms.settings import WordsForm
from programme.loading import finish
from programme.loading.reader import parse
from programme.loading.storing import LoadResult, store
from programme.models import Goal, Programme


@retrying
def load_programme(*, data: bytes, file_name: str, by: Any = None) -> LoadResult:
    """Loads a programme file: everything in it or, when anything is wrong, nothing.

    Loading the same bytes again writes nothing. Raises ProgrammeFileError with every problem
    found, each with its line.
    """
    _, plan = parse(data)
    with transaction.atomic():
        result = store(plan, by=by, file_name=Path(file_name).name, sha256=hashlib.sha256(data).hexdigest())
        finish(result.programme)
    return result


def save_goal(form: RowForm, by: Any) -> Saved:
    """Saves an edited goal; when it moves to another theme its sub-goals go with it."""
    with transaction.atomic():
        saved = save_edit(form, by)
        for sub_goal in Goal.objects.filter(parent=saved.row).exclude(theme=saved.row.theme_id):
            sub_goal.theme_id = saved.row.theme_id
            sub_goal.stamp(by).save(update_fields=["theme", "updated_by"])
        return saved


def save_words(form: WordsForm, by: Any) -> Saved:
    """Writes the words that changed into the programme's words, merged word by word. Raises Conflict."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=form.reason):
        row = Programme.objects.select_for_update().get(pk=form.instance.pk)
        found = merge(original=form.shown["values"], mine=form.sent(), theirs=form.stored(row))
        if found.conflicts:
            raise Conflict(row, _differences(form, found, row), found)
        if found.mine:
            changed = {name: form.cleaned_data[name] for name in found.mine}
            row.words = form.write_words(dict(row.words), changed)
            row.save(update_fields=["words"])
        return Saved(row, _labels(form, found.mine), _labels(form, found.theirs))


def _labels(form: WordsForm, names: Any) -> list[Any]:
    return [form.fields[name].label or name for name in names]


def _differences(form: WordsForm, found: Merge, row: Programme) -> list[Difference]:
    theirs, sent, original = form.stored(row), form.sent(), form.shown["values"]
    return [
        Difference(name, form.fields[name].label or name, original[name], sent[name], theirs[name])
        for name in found.conflicts
    ]

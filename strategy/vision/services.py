"""Changes of the long view that are more than fields."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.db import retrying
from core.editing import RowForm, Saved, save_edit, save_new
from core.history import own_context
from programme.decisions import DECISION_FIELDS, make_decision
from strategy.models import BalancingPrinciple, VisionTheme
from strategy.objectives.changing import free_key


@retrying
def add_theme(form: RowForm, by: Any) -> VisionTheme:
    """A new theme of the vision, the last of its siblings."""
    row: VisionTheme = form.instance
    others = VisionTheme.objects.filter(programme=row.programme)
    siblings = others.filter(parent=row.parent)
    row.position = siblings.count() + 1
    stem = row.parent.key if row.parent else "v"
    row.key = free_key(set(others.values_list("key", flat=True)), f"{stem}{row.number or row.position}")
    made: VisionTheme = save_new(form, by)
    return made


@retrying
def save_principle(form: RowForm, by: Any) -> Saved:
    """Saves the principle; a decision that the form gives is made and becomes the one that turned to it."""
    row: BalancingPrinciple = form.instance
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=form.reason):
        also: dict[str, Any] = {}
        if form.has_decision:  # type: ignore[attr-defined]
            subject = _("Principle %(number)s of balancing is turned to") % {"number": row.number}
            values = {name: form.cleaned_data.get(name) for name in DECISION_FIELDS}
            made = make_decision(
                programme=form.programme, values=values, subject=subject, by=by, reason=form.reason
            )
            also["turned_by"] = made
        saved = save_edit(form, by, also)
        if also and not saved.changed:
            BalancingPrinciple.objects.filter(pk=row.pk).update(**also, updated_by=by)
        return saved

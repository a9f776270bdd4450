"""The inspector of totals that should agree, and the notes on those that do not."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.editing import RowForm, add_page, edit_page, save_edit, save_new
from core.permissions import can
from measures.crossfooting_words import BREAKDOWNS, GROUPS, check_words, footing_rows
from measures.selectors.crossfooting import Noted, footings, noted, open_differences
from measures.services.findings import save_finding
from measures.views.edits import both_ways
from measures.views.known import shows_known_day
from measures.views.shared import unit_context
from programme.access import programme_view
from programme.models import Deviation, Programme


@require_safe
@programme_view("savings.view")
@shows_known_day
def crossfooting(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Every pair of totals, each difference with its size and its note, and the sums of lines by every breakdown."""
    context = unit_context(request)
    found = noted(programme)
    sums = footings(programme)
    # What differs comes first, what cannot be compared last.
    ordered = sorted(found, key=lambda one: (not one.check.needs_note, not one.check.is_comparable))
    told = [(one.check.group, check_words(one, context["unit"])) for one in ordered]
    groups = [
        {"key": key, "heading": heading, "rows": [words for group, words in told if group == key]}
        for key, heading in GROUPS.items()
    ]
    context |= {
        "groups": groups,
        "open": open_differences(programme, found, sums),
        "breakdowns": BREAKDOWNS.values(),
        "footings": footing_rows(sums, context["unit"]),
        "as_of": programme.today(),
        "years": {"first": programme.start_year, "final": programme.final_year},
    }
    return TemplateResponse(request, "measures/crossfooting.html", context)


@require_safe
@programme_view("savings.view")
@shows_known_day
def crossfooting_check(request: HttpRequest, programme: Programme, key: str) -> HttpResponse:
    """Two totals with the rows behind each, and what has been said of their difference."""
    one = _noted(programme, key)
    context = unit_context(request)
    context |= {
        "one": (told := check_words(one, context["unit"])),
        "sides": [told.first, told.second],
        "may_note": can(request.user, "finding.edit", programme),
        "as_of": programme.today(),
    }
    return TemplateResponse(request, "measures/crossfooting_check.html", context)


def _noted(programme: Programme, key: str) -> Noted:
    for one in noted(programme):
        if one.check.key == key:
            return one
    raise Http404


class NoteForm(RowForm):
    """What is said of a difference: why it is there, who looks into it, how far that is."""

    state = forms.ChoiceField(label=gettext_lazy("State"))
    fieldsets = [(None, ["explanation", "state", "owner", "action", "due_on"])]

    class Meta:
        model = Deviation
        fields = ["explanation", "state", "owner", "action", "due_on"]
        labels = {
            "explanation": gettext_lazy("Why do the totals differ?"),
            "action": gettext_lazy("What is done about it"),
            "due_on": gettext_lazy("By when"),
        }
        help_texts = {
            "explanation": gettext_lazy(
                "The note stays with the difference, and says when its size has changed."
            ),
            "owner": gettext_lazy("Who looks into it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["state"]
        assert isinstance(field, forms.ChoiceField)
        # A difference goes away when its figures change, so nobody closes it by hand.
        field.choices = [choice for choice in Deviation.State.choices if choice[0] != Deviation.State.CLOSED]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("state") == Deviation.State.EXPLAINED and not cleaned.get("explanation"):
            self.add_error("explanation", _("Write the explanation before it counts as explained."))
        return cleaned


@both_ways
@programme_view("finding.edit")
def crossfooting_note(request: HttpRequest, programme: Programme, key: str) -> HttpResponse:
    """The note on one difference: written once, changed afterwards; it remembers the size it was written about."""
    one = _noted(programme, key)
    told = check_words(one, unit_context(request)["unit"])
    back = reverse("measures:crossfooting_check", args=[programme.slug, key])
    title = _("Note: %(title)s") % {"title": told.title}
    common: dict[str, Any] = {
        "title": title, "back": back, "context": {"one": told}, "template": "measures/crossfooting_note.html",
    }  # fmt: skip
    if one.note is None:
        first = Deviation(
            programme=programme, kind=Deviation.Kind.DIFFERENCE, cause_key=key, found_on=programme.today(),
            **_size(one),
        )  # fmt: skip
        return add_page(
            request, NoteForm, programme, instance=first, done=lambda _row: back, told=_("The note is kept."),
            make=partial(save_finding, save_new, url=back), **common,
        )  # fmt: skip
    return edit_page(
        request, NoteForm, one.note, save=partial(save_finding, partial(_save, one), url=back), **common
    )


def _size(one: Noted) -> dict[str, Any]:
    """The size a note is written about."""
    found = one.check.difference
    params = {"cautious": found.cautious if found else None, "full": found.full if found else None}
    return {"params": params, "amount_eur_cents": params["full"] if one.check.unit == "money" else None}


def _save(one: Noted, form: RowForm, by: Any) -> Any:
    """The changed note; it is now about the size that stands."""
    size = _size(one)
    saved = save_edit(form, by, also=size)
    if not saved.changed and one.has_moved:  # the same words hold for the new size
        Deviation.objects.filter(pk=form.instance.pk).update(**size, updated_by=by)
    return saved

"""Settings of one programme: its texts, period, base, words, stages, meeting days, parameters and look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.editing import RowForm, add_page, edit_page
from core.models import Setting
from core.permissions import may_somewhere
from programme import setting_values
from programme.access import programme_view
from programme.forms.parameters import form_of
from programme.forms.settings import (
    BasisForm,
    LevelWordsForm,
    PeriodForm,
    ProgrammeTextForm,
    StagesForm,
    WordsForm,
)
from programme.kinds import KINDS
from programme.models import Programme
from programme.services import save_words
from programme.views.rows import title_of

READ_AND_SEND = ("GET", "HEAD", "POST")


@dataclass(frozen=True)
class Entry:
    """One line of the settings page."""

    label: str | Promise
    url: str
    about: str | Promise = ""


@require_safe
@programme_view("settings.edit")
def settings(request: HttpRequest, programme: Programme) -> HttpResponse:
    return TemplateResponse(
        request, "programme/settings.html", {"groups": _groups(request.user, programme), "row": programme}
    )


def _groups(user: Any, programme: Programme) -> list[tuple[str, list[Entry]]]:
    """The settings by heading, only what the person may change."""
    kinds = {
        kind.noun: Entry(title_of(kind, programme), _at(programme, f"programme:{kind.noun}_rows"))
        for kind in KINDS
        if may_somewhere(user, kind.edit, programme)
    }

    def rows(*nouns: str) -> list[Entry]:
        return [kinds[noun] for noun in nouns if noun in kinds]

    about = [
        Entry(_("Names and purpose"), _at(programme, "programme:settings_texts"), programme.name),
        Entry(
            _("Period, status date and approval"), _at(programme, "programme:settings_period"),
            f"{programme.start_year}–{programme.end_year}",
        ),
        Entry(_("Comparison base and basis of the target"), _at(programme, "programme:settings_basis"),
              programme.get_basis_display()),
        Entry(_("Words for levels and scenarios"), _at(programme, "programme:settings_words")),
        Entry(_("Stages"), _at(programme, "programme:settings_stages")),
        Entry(_("Gates"), _at(programme, "measures:gate_settings"), _("what is asked before each stage, who decides")),
        Entry(_("Templates of projects"), _at(programme, "programme:project_templates"),
              _("parts of the plan, phases, checklist, monthly report")),
        Entry(_("Meeting days, thresholds and look"), _at(programme, "programme:parameter_list")),
    ]  # fmt: skip
    money = [Entry(_("Targets"), _at(programme, "programme:target_list")), *rows("source", "allocation")]
    more = [
        Entry(_("People and roles"), _at(programme, "programme:person_list")),
        Entry(_("What is still missing"), _at(programme, "reporting:set_up")),
        Entry(_("Texts in three languages"), _at(programme, "reporting:text_list")),
    ]
    found = [
        (_("The programme"), about),
        (_("Structure"), rows("theme", "goal", "sector", "unit", "segment", "cost_type")),
        (_("Money"), money),
        (_("Governance"), rows("body", "duty", "perspective", "document")),
        (_("What the document says"), rows("statement", "fact")),
        (_("People and readiness"), more),
    ]
    return [(heading, [entry for entry in entries if entry.url]) for heading, entries in found]


def _at(programme: Programme, name: str, *args: Any) -> str:
    try:
        return reverse(name, args=[programme.slug, *args])
    except NoReverseMatch:
        return ""


# ---------------------------------------------------------------------------- the programme's own row
@require_http_methods(READ_AND_SEND)
@programme_view("settings.edit")
def settings_texts(request: HttpRequest, programme: Programme) -> HttpResponse:
    return _edit(request, programme, ProgrammeTextForm, _("Names and purpose"))


@require_http_methods(READ_AND_SEND)
@programme_view("settings.edit")
def settings_period(request: HttpRequest, programme: Programme) -> HttpResponse:
    return _edit(request, programme, PeriodForm, _("Period, status date and approval"))


@require_http_methods(READ_AND_SEND)
@programme_view("settings.edit")
def settings_basis(request: HttpRequest, programme: Programme) -> HttpResponse:
    title = _("Comparison base and basis of the target")
    return _edit(request, programme, BasisForm, title, template="programme/settings_basis.html")


@require_http_methods(READ_AND_SEND)
@programme_view("settings.edit")
def settings_words(request: HttpRequest, programme: Programme) -> HttpResponse:
    title = _("Words for levels and scenarios")
    return _edit_words(request, programme, LevelWordsForm, title, template="programme/settings_words.html")


@require_http_methods(READ_AND_SEND)
@programme_view("settings.edit")
def settings_stages(request: HttpRequest, programme: Programme) -> HttpResponse:
    return _edit_words(request, programme, StagesForm, _("Stages"), template="programme/settings_stages.html")


def _edit(
    request: HttpRequest, programme: Programme, form: type[RowForm], title: str, **options: Any
) -> HttpResponse:
    row = get_object_or_404(Programme, pk=programme.pk)
    options = {"template": "programme/settings_edit.html"} | options
    return edit_page(
        request, form, row, programme=row, title=title, back=_at(programme, "programme:settings"), **options
    )


def _edit_words(
    request: HttpRequest, programme: Programme, form: type[WordsForm], title: str, *, template: str
) -> HttpResponse:
    return _edit(request, programme, form, title, template=template, save=save_words)


# ---------------------------------------------------------------------------- parameters
@require_safe
@programme_view("settings.edit")
def parameter_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    return TemplateResponse(
        request,
        "programme/parameter_list.html",
        {"sections": setting_values.lines(programme), "row": programme},
    )


@require_http_methods(READ_AND_SEND)
@programme_view("settings.edit")
def parameter_edit(request: HttpRequest, programme: Programme, key: str) -> HttpResponse:
    parameter = setting_values.parameter_of(key)
    if parameter is None:
        raise Http404
    line = setting_values.line_of(programme, parameter)

    def make(form: Any, by: Any) -> Setting:
        return setting_values.set_value(
            programme, parameter, form.stored_value(), valid_from=form.cleaned_data["valid_from"],
            reason=form.cleaned_data["reason"], by=by, seen=form.seen,
        )  # fmt: skip

    here = _at(programme, "programme:parameter_list")
    return add_page(
        request,
        form_of(parameter),
        programme,
        title=parameter.label or parameter.key,
        back=here,
        done=lambda row: here,
        instance=Setting(scope=programme.slug, key=parameter.key),
        initial={"valid_from": programme.today(), "value": line.now.typed},
        template="programme/parameter_edit.html",
        make=make,
        submit=_("Set the value"),
        told=_("The value was set."),
        context={
            "parameter": parameter,
            "line": line,
            "events": setting_values.events_of(programme, parameter),
            "list_url": here,
            "list_title": _("Meeting days, thresholds and look"),
        },
    )


@require_POST
@programme_view("settings.edit")
def parameter_cancel(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    row = get_object_or_404(Setting, pk=pk, scope=programme.slug)
    if setting_values.cancel_value(programme, row, by=request.user):
        messages.success(request, _("The value to come was cancelled."))
    else:
        messages.warning(request, _("This value has begun and is kept. Set a new value instead."))
    return redirect("programme:parameter_edit", programme.slug, row.key)

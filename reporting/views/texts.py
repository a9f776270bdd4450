"""The programme's texts in three languages: what lacks Swedish or English, written row by row."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from core.access import get_editable
from core.editing import edit_part
from core.text import LANGUAGES
from programme.access import programme_view
from programme.models import Programme
from reporting import texts

#: Texts on one page: each is a form of its own.
ROWS = 25
LANGUAGE_WORDS = {"fi": _("Finnish"), "sv": _("Swedish"), "en": _("English")}


@require_safe
@programme_view("text.edit")
def text_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    language = _language(request)
    counts = texts.counts(programme)
    total, written = sum(one.total for one in counts), sum(one.written[language] for one in counts)
    rows = [
        {"count": one, "written": one.written[language], "missing": one.missing(language),
         "share": 100 * one.written[language] // one.total}
        for one in counts
    ]  # fmt: skip
    return TemplateResponse(
        request,
        "reporting/text_list.html",
        {
            "rows": sorted(rows, key=lambda row: not row["missing"]),
            "language": language,
            "languages": _languages(language),
            "total": total,
            "written": written,
            "share": 100 * written // total if total else 100,
        },
    )


@require_safe
@programme_view("text.edit")
def text_kind(request: HttpRequest, programme: Programme, kind: str) -> HttpResponse:
    found, language = _kind(kind), _language(request)
    show_all = request.GET.get("show") == "all"
    rows = found.rows(programme, without="" if show_all else language)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    form = texts.form_of(found)
    entries = [(row, form(None, instance=row, programme=programme, user=request.user)) for row in page]
    return TemplateResponse(
        request,
        "reporting/text_kind.html",
        {
            "kind": found,
            "page": page,
            "entries": entries,
            "language": language,
            "language_word": LANGUAGE_WORDS[language],
            "languages": _languages(language),
            "show_all": show_all,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@programme_view("text.edit")
def text_edit(request: HttpRequest, programme: Programme, kind: str, pk: int) -> HttpResponse:
    found = _kind(kind)
    row = get_editable(found.rows(programme), request.user, "text.edit", pk=pk)
    return edit_part(
        request, texts.form_of(found), row, title=found.label,
        form_template="reporting/_text_form.html", shown_template="reporting/_text_row.html",
        back=f"{reverse('reporting:text_kind', args=[programme.slug, found.key])}#text-{row.pk}",
        context={"kind": found},
    )  # fmt: skip


def _kind(key: str) -> texts.TextKind:
    found = texts.kind_of(key)
    if found is None:
        raise Http404
    return found


def _language(request: HttpRequest) -> str:
    """The language that is looked for; Swedish unless another is asked."""
    asked = request.GET.get("language", "sv")
    return asked if asked in LANGUAGES else "sv"


def _languages(chosen: str) -> list[tuple[str, Any, bool]]:
    return [(code, LANGUAGE_WORDS[code], code == chosen) for code in ("sv", "en", "fi")]

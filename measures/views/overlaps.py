"""The overlap inspector: what is declared, what looks like an overlap, and what was judged to be none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.access import get_editable
from core.editing import RowForm, add_page, edit_page
from core.fields import EurCentsField, MonthField
from core.identity_codes import WithoutCodes
from core.parameters import parameters_of
from core.permissions import can
from core.templatetags.ui import plain_text
from measures.forms import ReasonForm
from measures.models import Overlap, SavingsLine
from measures.selectors import overlap_inspector as inspector
from measures.services.common import CHANGED, SavingsError
from measures.services.overlaps import (
    check_overlap,
    declare_overlap,
    judge_no_overlap,
    remove_overlap,
    suspect_again,
)
from measures.thresholds import SUSPECTED_EUROS
from measures.views.edits import both_ways
from measures.views.shared import unit_context
from programme.access import programme_view
from programme.models import Deviation, Programme


@require_safe
@programme_view("savings.view")
def overlap_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Declared overlaps with what they give back; suspected ones, the largest first; those judged to be none."""
    context = unit_context(request, "keur")
    least = parameters_of(programme)[SUSPECTED_EUROS]
    found = inspector.suspicion(programme, least_eur_cents=least * 100)
    given = inspector.given_back(programme)
    rows = list(inspector.declared(programme))
    judged = list(
        Deviation.objects.filter(programme=programme, kind=Deviation.Kind.OVERLAP)
        .select_related("closed_by")
        .order_by("-closed_on", "-pk")[:200]
    )
    ids = {pk for pair in found.pairs for pk in pair.key}
    ids |= {pk for row in judged for pk in row.params.get("lines", [])}
    lines = inspector.lines_of(programme, ids)
    context |= {
        "declared": [
            {
                "row": row,
                "given": [
                    (label, given.get((row.yielding_line_id, series)))
                    for series, label in (
                        ("plan", _("Plan")), ("forecast", _("Forecast")), ("claimed", _("Claimed"))
                    )
                ],
                "shares_line": sum(one.yielding_line_id == row.yielding_line_id for one in rows) > 1,
            }
            for row in rows
        ],
        "suspected": [
            {"pair": pair, "larger": lines[pair.larger.line], "smaller": lines[pair.smaller.line]}
            for pair in found.pairs
            if pair.larger.line in lines and pair.smaller.line in lines
        ],
        "count": found.count, "least": least * 100,
        "judged": [
            {"row": row, "lines": [lines[pk] for pk in row.params.get("lines", []) if pk in lines]}
            for row in judged
        ],
        "may_edit": can(request.user, "overlap.edit", programme),
    }  # fmt: skip
    return TemplateResponse(request, "measures/overlap_list.html", context)


# --- declaring --------------------------------------------------------------------------------------------------


class OverlapForm(RowForm):
    """How much the yielding line gives up each month, from when to when, and why."""

    amount_eur_cents = EurCentsField(
        label=gettext_lazy("Counted twice, € a month"),
        help_text=gettext_lazy("With the sign of the effect: − for a saving."),
    )
    first_month = MonthField(label=gettext_lazy("First month"))
    last_month = MonthField(
        label=gettext_lazy("Last month"), required=False,
        help_text=gettext_lazy("Empty: until one of the two measures ends."),
    )  # fmt: skip
    reason = forms.CharField(  # type: ignore[assignment]
        label=gettext_lazy("Why do the two count the same euros?"), max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    class Meta:
        model = Overlap
        fields = ["amount_eur_cents", "first_month", "last_month", "reason"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        first, last = cleaned["first_month"], cleaned.get("last_month")
        if last is not None and last < first:
            self.add_error("last_month", _("The overlap must not end before it starts."))
        elif not cleaned["amount_eur_cents"]:
            self.add_error("amount_eur_cents", _("Give the amount that is counted twice."))
        else:
            self._check(cleaned)
        return cleaned

    def _check(self, cleaned: Mapping[str, Any]) -> None:
        """At most the smaller of the two plans in every month of the overlap."""
        yielding, other = self.sides(cleaned)
        try:
            check_overlap(
                Overlap(
                    pk=self.instance.pk, yielding_line=yielding, other_line=other,
                    amount_eur_cents=cleaned["amount_eur_cents"],
                    first_month=cleaned["first_month"], last_month=cleaned.get("last_month"),
                )
            )  # fmt: skip
        except SavingsError as refused:
            self.add_error("amount_eur_cents", refused)

    def sides(self, cleaned: Mapping[str, Any]) -> tuple[SavingsLine, SavingsLine]:
        """The line that yields and the one that keeps the effect."""
        return self.instance.yielding_line, self.instance.other_line


class DeclareForm(OverlapForm):
    """A new overlap: which of the two lines yields, too."""

    yields = forms.TypedChoiceField(
        label=gettext_lazy("Which one yields?"), coerce=int, widget=forms.RadioSelect,
        help_text=gettext_lazy("It gives up the amount in plan, forecast and claims; the other keeps it."),
    )  # fmt: skip
    fieldsets = ((None, ("yields", "amount_eur_cents", "first_month", "last_month", "reason")),)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.lines = {row.pk: row for row in (self.instance.yielding_line, self.instance.other_line)}
        field = self.fields["yields"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(pk, line_words(row)) for pk, row in self.lines.items()]

    def sides(self, cleaned: Mapping[str, Any]) -> tuple[SavingsLine, SavingsLine]:
        chosen = self.lines[cleaned["yields"]]
        return chosen, next(row for pk, row in self.lines.items() if pk != chosen.pk)


def line_words(line: SavingsLine) -> str:
    """A line by its measure; cost type and sector are the same on both sides and stand above."""
    return f"{line.measure.code} {plain_text(line.measure)}"


class CodesForm(WithoutCodes):
    """Two measures by their codes, to find the lines on which they may meet."""

    one = forms.CharField(label=gettext_lazy("Code of one measure"), max_length=20)
    other = forms.CharField(label=gettext_lazy("Code of the other measure"), max_length=20)


@both_ways
@programme_view("overlap.edit")
def overlap_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Declares that two lines count the same euros. Without lines in the address: finds them by codes."""
    lines = _two_lines(request, programme)
    back = reverse("measures:overlap_list", args=[programme.slug])
    if lines is None:
        return _find_lines(request, programme, back)
    first, second = lines
    common = inspector.common_months(first, second)
    initial: dict[str, Any] = {"yields": second.pk}
    if common is not None:
        initial |= {
            "amount_eur_cents": common.smallest_eur_cents, "first_month": common.first, "last_month": common.last,
        }  # fmt: skip
    return add_page(
        request, DeclareForm, programme, title=_("Declare an overlap"), back=back, initial=initial,
        instance=Overlap(programme=programme, yielding_line=first, other_line=second),
        make=_declare, done=lambda _row: back, template="measures/overlap_add.html",
        context={"lines": lines, "common": common} | unit_context(request, "eur"),
    )  # fmt: skip


def _declare(form: RowForm, by: Any) -> Overlap:
    assert isinstance(form, DeclareForm)
    given = form.cleaned_data
    yielding, other = form.sides(given)
    return declare_overlap(
        yielding_line=yielding, other_line=other, amount_eur_cents=given["amount_eur_cents"],
        first_month=given["first_month"], last_month=given["last_month"], by=by, reason=given["reason"],
    )  # fmt: skip


def _two_lines(request: HttpRequest, programme: Programme) -> tuple[SavingsLine, SavingsLine] | None:
    """The two lines that the address names; None when it names none of this programme."""
    ids = [request.GET.get(name, "") for name in ("first", "second")]
    wanted = [int(one) for one in ids if one.isascii() and one.isdigit() and len(one) < 19]
    found = inspector.lines_of(programme, wanted)
    if len(wanted) != 2 or len(found) != 2:
        return None
    return found[wanted[0]], found[wanted[1]]


def _find_lines(request: HttpRequest, programme: Programme, back: str) -> HttpResponse:
    """The form that asks for two codes, and the pairs of lines on which the two measures meet."""
    asked = request.POST if request.method == "POST" else request.GET if "one" in request.GET else None
    form = CodesForm(asked)
    pairs: list[tuple[SavingsLine, SavingsLine]] = []
    if asked is not None and form.is_valid():
        codes = [form.cleaned_data[name].strip().upper() for name in ("one", "other")]
        rows = SavingsLine.objects.filter(programme=programme, measure__code__in=codes).select_related(
            "measure", "sector", "cost_type"
        )
        mine = [row for row in rows if row.measure.code == codes[0]]
        theirs = [row for row in rows if row.measure.code == codes[1] and codes[0] != codes[1]]
        pairs = [
            (one, other)
            for one in mine
            for other in theirs
            if (one.sector_id, one.cost_type_id) == (other.sector_id, other.cost_type_id)
        ]
        if not pairs:
            form.add_error(None, _("The two measures have no line on the same sector and cost type."))
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "pairs": pairs, "back": back}
    return TemplateResponse(request, "measures/overlap_find.html", context, status=status)


# --- changing ---------------------------------------------------------------------------------------------------


def _overlap(request: HttpRequest, programme: Programme, pk: int) -> Overlap:
    found: Overlap = get_editable(inspector.declared(programme), request.user, "overlap.edit", pk=pk)
    found.programme = programme
    return found


@both_ways
@programme_view("overlap.edit")
def overlap_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Amount, months and reason of an overlap; its last month ends it."""
    row = _overlap(request, programme, pk)
    lines = (row.yielding_line, row.other_line)
    title = _("%(yielding)s yields to %(other)s") % {
        "yielding": row.yielding_line.measure.code, "other": row.other_line.measure.code,
    }  # fmt: skip
    return edit_page(
        request, OverlapForm, row, title=title, back=reverse("measures:overlap_list", args=[programme.slug]),
        template="measures/overlap_edit.html",
        context={"lines": lines, "common": inspector.common_months(*lines)} | unit_context(request, "eur"),
    )  # fmt: skip


@both_ways
@programme_view("overlap.edit")
def overlap_remove(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Takes back an overlap that was declared by mistake, with a reason."""
    row = _overlap(request, programme, pk)
    text = request.POST.get("version", "")
    return _with_reason(
        request, programme, title=_("Remove the overlap"), lines=(row.yielding_line, row.other_line), row=row,
        lead=_("The yielding line gets its amounts back, in every month. To end it, give its last month instead."),
        act=lambda reason: remove_overlap(
            overlap=row, by=request.user, reason=reason,
            version=int(text) if text.isascii() and text.isdigit() else None,
        ),
        done=_("The overlap was removed."),
    )  # fmt: skip


@both_ways
@programme_view("overlap.edit")
def overlap_dismiss(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Says that two lines do not count the same euros, and why."""
    lines = _two_lines(request, programme)
    if lines is None:
        return redirect("measures:overlap_list", programme.slug)
    return _with_reason(
        request, programme, title=_("Not an overlap"), lines=lines,
        lead=_("The pair is not listed any more. The explanation stays, and the judgement can be taken back."),
        act=lambda reason: judge_no_overlap(
            first_line=lines[0], second_line=lines[1], by=request.user, on=programme.today(), explanation=reason
        ),
        done=_("The pair counts as no overlap."),
    )  # fmt: skip


@both_ways
@programme_view("overlap.edit")
def overlap_suspect(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Takes the judgement back that two lines do not overlap."""
    rows = Deviation.objects.filter(programme=programme, kind=Deviation.Kind.OVERLAP)
    row: Deviation = get_editable(rows, request.user, "overlap.edit", pk=pk)
    lines = inspector.lines_of(programme, row.params.get("lines", []))
    return _with_reason(
        request, programme, title=_("Suspect it again"), lines=tuple(lines.values()), lead=row.explanation,
        act=lambda reason: suspect_again(judged=row, by=request.user, reason=reason),
        done=_("The pair is listed again."),
    )  # fmt: skip


def _with_reason(
    request: HttpRequest, programme: Programme, *, title: str, lead: str, lines: tuple[SavingsLine, ...], act: Any,
    done: str, row: Any = None,
) -> HttpResponse:  # fmt: skip
    """The page that asks why, and what comes of it: 302, 422, or 409 when somebody was faster."""
    form, status = ReasonForm(request.POST if request.method == "POST" else None), 200
    back = reverse("measures:overlap_list", args=[programme.slug])
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                act(form.cleaned_data["reason"])
            except ValidationError as refused:
                form.add_error(None, refused)
                status = 409 if getattr(refused, "code", "") == CHANGED else 422
            else:
                messages.success(request, done)
                return redirect(back)
    context = {"form": form, "title": title, "lead": lead, "lines": lines, "row": row, "back": back}
    return TemplateResponse(request, "measures/overlap_reason.html", context, status=status)

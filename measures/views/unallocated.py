"""Target that no active measure carries, and the decisions that move it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.editing import RowForm, add_page
from core.fields import DateField, EurCentsField
from core.money import format_eur
from core.permissions import can
from core.templatetags.ui import plain_text
from measures import tables
from measures.models import Measure, Stage, TargetMove
from measures.selectors import measure_targets, savings_figures
from measures.selectors.ladder import moves_of, released
from measures.services.targets import Move, move_target
from measures.views.edits import both_ways
from measures.views.known import shows_known_day
from measures.views.shared import unit_context
from programme.access import programme_view
from programme.decisions import DECISION_FIELDS, decision_fields, make_decision
from programme.models import Programme


@require_safe
@programme_view("savings.view")
@shows_known_day
def unallocated(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The ladder, each measure that has released target with why, what was never allocated, and the moves so far."""
    context = unit_context(request)
    figures = savings_figures(programme)
    measures = reverse("measures:measure_list", args=[programme.slug])
    context |= {
        "as_of": figures.as_of,
        "ladder": figures.ladder,
        "ladder_rows": tables.ladder_rows(figures.ladder, context["unit"], measures),
        "released": released(programme),
        "moves": moves_of(programme),
        "may_move": can(request.user, "target.move", programme),
    }
    return TemplateResponse(request, "measures/unallocated.html", context)


class _Carriers(forms.ModelChoiceField):
    """Measures with the target they carry today."""

    targets: dict[int, int] = {}

    def label_from_instance(self, obj: Any) -> str:
        told = f"{obj.code} {plain_text(obj)}"
        cents = self.targets.get(obj.pk)
        return (
            told if cents is None else f"{told} ({format_eur(cents, unit='eur', trim=True, with_unit=True)})"
        )


class MoveForm(RowForm):
    """How much target moves from where to where, from which day, and who decided it."""

    from_measure = _Carriers(
        Measure.objects.all(), label=gettext_lazy("From"), required=False,
        empty_label=gettext_lazy("Never allocated"),
        help_text=gettext_lazy("A measure that carries or has released target, or what no measure has carried."),
    )  # fmt: skip
    to_measure = _Carriers(
        Measure.objects.all(), label=gettext_lazy("To"), required=False,
        empty_label=gettext_lazy("No measure: it becomes never allocated"),
    )  # fmt: skip
    amount_eur_cents = EurCentsField(
        unit="eur", label=gettext_lazy("Amount, €"),
        help_text=gettext_lazy("With the sign of the target: − is a saving. For example −1 280 000."),
    )  # fmt: skip
    valid_from = DateField(label=gettext_lazy("From the day"))
    fieldsets = [
        (None, ["from_measure", "to_measure", "amount_eur_cents", "valid_from"]),
        (gettext_lazy("Decision"), [*DECISION_FIELDS]),
        (None, ["reason"]),
    ]

    class Meta:
        model = TargetMove
        fields = ["from_measure", "to_measure", "amount_eur_cents", "valid_from", "reason"]
        labels = {"reason": gettext_lazy("Why does it move?")}
        widgets = {"reason": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= decision_fields(self.programme, required=True)
        self.fields["reason"].required = True
        measures = Measure.objects.filter(programme=self.programme).order_by("code")
        targets = measure_targets(measures.values_list("pk", flat=True), self.programme)
        giving, getting = self.fields["from_measure"], self.fields["to_measure"]
        assert isinstance(giving, _Carriers) and isinstance(getting, _Carriers)
        giving.targets = getting.targets = targets
        giving.queryset = measures.filter(pk__in=[pk for pk, cents in targets.items() if cents])
        getting.queryset = measures.exclude(stage=Stage.WITHDRAWN)

    def _get_validation_exclusions(self) -> set[str]:
        """The decision is made with the move."""
        return super()._get_validation_exclusions() | {"decision"}  # type: ignore[misc,no-any-return]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and cleaned.get("from_measure") == cleaned.get("to_measure"):
            self.add_error("to_measure", _("A target cannot move to where it is."))
        return cleaned


@both_ways
@programme_view("target.move")
def unallocated_move(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Moves target by a decision; `from` in the address names the measure that gives it."""
    back = reverse("measures:unallocated", args=[programme.slug])
    today = programme.today()
    initial: dict[str, Any] = {"valid_from": today, "decided_on": today}
    giving = Measure.objects.filter(programme=programme, code=request.GET.get("from", "")).first()
    figures = savings_figures(programme)
    if giving is not None:
        initial |= {
            "from_measure": giving.pk,
            "amount_eur_cents": measure_targets([giving.pk], programme).get(giving.pk),
        }
    elif figures.ladder.never_allocated:
        initial["amount_eur_cents"] = figures.ladder.never_allocated
    return add_page(
        request, MoveForm, programme, title=_("Move target by a decision"), back=back, initial=initial,
        make=partial(_move, programme), done=lambda _row: back, submit=_("Move the target"),
        told=_("The target was moved."), template="measures/unallocated_move.html", context={"ladder": figures.ladder},
    )  # fmt: skip


def _move(programme: Programme, form: RowForm, by: Any) -> TargetMove:
    given = form.cleaned_data
    reason = given["reason"]
    with transaction.atomic():
        decision = make_decision(programme=programme, values=given, subject=reason, by=by, reason=reason)
        assert decision is not None  # its day and body are required fields
        move = Move(given["from_measure"], given["to_measure"], given["amount_eur_cents"])
        (row,) = move_target(
            programme=programme, moves=[move], valid_from=given["valid_from"], decision=decision, by=by, reason=reason,
        )  # fmt: skip
        return row

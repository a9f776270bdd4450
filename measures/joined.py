"""Measures and their acts in the register of decisions (programme.governance.joined), and decisions on the card."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.periods import format_date
from core.templatetags.ui import plain_text
from measures.card_parts import register as add_part
from measures.models import GateDecision, Measure, PlanChange
from programme.governance.joined import decisions_about, linkable, register
from programme.governance.register import VIEW, decisions_for
from programme.models import Decision, Programme
from programme.words import word


def _url(measure: Measure) -> str:
    return reverse("measures:measure_detail", args=[measure.programme.slug, measure.code])


def _name(measure: Measure) -> str:
    return f"{measure.code} {plain_text(measure)}"


def _gate_words(row: GateDecision) -> str:
    return _("%(measure)s to stage %(stage)s") % {
        "measure": _name(row.measure), "stage": word(row.programme, f"stage.{row.to_stage}")
    }  # fmt: skip


def _move_words(row: Any) -> str:
    found = [_name(one) for one in (row.from_measure, row.to_measure) if one is not None]
    return " → ".join([*found, format_date(row.valid_from)])


def decisions_of(programme: Programme, measure: Measure, user: Any) -> list[Decision]:
    """Decisions that the measure is about: joined by hand, or the ground of its gates and changes of plan."""
    gates = GateDecision.objects.filter(measure=measure).exclude(decision=None).values("decision")
    changes = PlanChange.objects.filter(measure=measure).exclude(decision=None).values("decision")
    ids = {
        *decisions_about(measure).order_by().values_list("pk", flat=True),
        *gates.values_list("decision", flat=True),
        *changes.values_list("decision", flat=True),
    }
    return list(decisions_for(programme, user).filter(pk__in=ids))


def card_context(request: HttpRequest, programme: Programme, measure: Measure) -> dict[str, Any]:
    return {"decisions": decisions_of(programme, measure, request.user), "today": programme.today()}


linkable(
    "measures.Measure",
    title=gettext_lazy("Measures"),
    action="measure.view",
    words=_name,
    url=_url,
    order=("code",),
)
register(
    "measures.GateDecision", title=gettext_lazy("Gates"), action="measure.view", words=_gate_words,
    url=lambda row: _url(row.measure), related=("programme", "measure__programme"),
)  # fmt: skip
register(
    "measures.PlanChange", title=gettext_lazy("Changes of plan"), action="measure.view",
    words=lambda row: _name(row.measure), url=lambda row: _url(row.measure), related=("measure__programme",),
)  # fmt: skip
register(
    "measures.TargetMove", title=gettext_lazy("Targets moved"), action="savings.view", words=_move_words,
    url=lambda row: _url(row.to_measure or row.from_measure),
    related=("from_measure__programme", "to_measure__programme"),
)  # fmt: skip
register(
    "measures.Service", title=gettext_lazy("Services and how they are produced"), action="savings.view",
    words=plain_text, url=lambda row: reverse("measures:production_list", args=[row.programme.slug]),
    related=("programme",),
)  # fmt: skip
add_part(
    "decisions", title=gettext_lazy("Decisions"), action=VIEW, template="measures/_card_decisions.html",
    context=card_context, place=15,
)  # fmt: skip

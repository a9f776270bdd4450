"""Indicators as rows: what may be deleted, and what waits for somebody before an indicator can be judged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.db import retrying
from core.history import own_context
from core.setup_list import Check, Missing, add
from kpis.models import Indicator, Observation, SourceLink
from programme.models import Programme

NOT_A_DRAFT = _("Only a draft is deleted. Mark the indicator as no longer followed: its values stay.")
HAS_VALUES = _("The indicator has values. Mark it as no longer followed: its values stay.")

USED = _("Other indicators or their values are worked out from it.")


def why_kept(indicator: Indicator) -> Any:
    """Why the indicator cannot be deleted, in words; empty when it can."""
    if indicator.state != Indicator.State.DRAFT:
        return NOT_A_DRAFT
    if indicator.observations.exists() or indicator.manual_values.exists() or indicator.judgements.exists():
        return HAS_VALUES
    return ""


@retrying
def delete_draft(*, indicator: Indicator, by: Any, reason: str) -> None:
    """Deletes a draft without values, with its groups, sources and rules. History keeps what it was."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=reason):
        row = Indicator.objects.select_for_update(of=("self",)).get(pk=indicator.pk)
        if why := why_kept(row):
            raise ValidationError(why, code="kept")
        try:
            with transaction.atomic():
                row.delete()
        except ProtectedError as used:
            raise ValidationError(USED, code="kept") from used


# --- what is missing ---------------------------------------------------------------------------------------------

SECTION = _("Indicators")


def _followed(programme: Programme) -> QuerySet[Indicator]:
    return Indicator.objects.filter(programme=programme, state=Indicator.State.ACTIVE)


def without_source(programme: Programme) -> QuerySet[Indicator]:
    """Followed indicators that no source feeds; those a person answers need none."""
    links = SourceLink.objects.filter(indicator=OuterRef("pk"), is_ended=False)
    judged = Q(rules__kind__in=["yes_no", "qualitative", "to_be_specified"], rules__valid_to=None)
    return _followed(programme).filter(~Exists(links)).exclude(judged)


def without_baseline(programme: Programme) -> QuerySet[Indicator]:
    """Followed indicators whose baseline must be found and is not."""
    found = Observation.objects.filter(indicator=OuterRef("pk"), is_baseline=True)
    return _followed(programme).filter(~Exists(found), needs_baseline=True)


def _gaps(part: str) -> Callable[[Programme], str]:
    return lambda programme: f"{reverse('kpis:indicator_gaps', args=[programme.slug])}#{part}"


def without_owner(programme: Programme) -> QuerySet[Indicator]:
    """Followed indicators that nobody answers for."""
    return _followed(programme).filter(owner=None)


def register_checks() -> None:
    """What the set-up list asks of indicators; baselines are asked by `reporting`."""
    add(
        Check(
            "indicator_owner", SECTION, _("Indicators without an owner"),
            _("Nobody is told of new values, of late ones and of what must be judged."),
            lambda programme: Missing(without_owner(programme).count()),
            _gaps("owner"),
        ),
        Check(
            "indicator_source", SECTION, _("Indicators without a source"),
            _("Without one nobody knows where the next value comes from."),
            lambda programme: Missing(without_source(programme).count()),
            _gaps("source"),
        ),
    )  # fmt: skip

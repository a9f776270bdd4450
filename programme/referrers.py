"""What refers to a row: only what nothing refers to may be deleted (decision 22)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pghistory.models
from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.history import own_context

#: How the rows that may refer to one are called, by model; others go by their own name.
NAMES: dict[str, str | Promise] = {
    "programme.goal": _("goals"),
    "programme.theme": _("themes"),
    "programme.project": _("projects"),
    "programme.target": _("targets"),
    "programme.allocation": _("allocations of funding"),
    "programme.allocationgoal": _("allocations of funding"),
    "programme.projectplanpart": _("plans of projects"),
    "programme.phasequestion": _("questions of the phases"),
    "programme.phaseanswer": _("answers of projects"),
    "programme.changeelementcheck": _("checklists of projects"),
    "programme.statement": _("texts of the programme"),
    "programme.statementgoal": _("texts of the programme"),
    "programme.baselinefact": _("figures of the starting point"),
    "programme.organisationunit": _("organisation units"),
    "programme.costtype": _("cost types"),
    "programme.rolegrant": _("roles of people"),
    "programme.reportingduty": _("reporting duties"),
    "programme.dutyrecipient": _("reporting duties"),
    "programme.strategydocument": _("decided documents"),
    "programme.perspectivetask": _("tasks"),
    "programme.dutyoccurrence": _("due times of duties"),
    "programme.membership": _("seats"),
    "programme.meeting": _("meetings"),
    "programme.decision": _("decisions"),
    "measures.measure": _("measures"),
    "measures.measuregoal": _("measures"),
    "measures.measuresegment": _("measures"),
    "measures.savingsline": _("savings lines"),
    "measures.ledgerentry": _("ledger entries"),
    "kpis.indicator": _("indicators"),
    "kpis.targetrule": _("target rules"),
    "risks.risk": _("risks"),
}


@dataclass(frozen=True)
class Referrer:
    """How many rows of one kind refer to a row."""

    label: str
    count: int


def referrers(row: Any) -> list[Referrer]:
    """What refers to the row, by kind, with counts; empty when nothing does. One query for each relation.

    The row's own links (the goals an allocation serves) are part of it and go with it.
    """
    counts: dict[str, int] = {}
    # Rows that refer to this one otherwise than by a foreign key.
    loose = row.loose_referrers() if hasattr(row, "loose_referrers") else {}
    for label, found in loose.items():
        if found:
            counts[str(NAMES[label])] = found
    own_links = {(link.remote_field.through, link.m2m_field_name()) for link in row._meta.many_to_many}
    for relation in row._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel):
            continue
        model: type[models.Model] = relation.related_model
        if issubclass(model, pghistory.models.Event) or (model, relation.field.name) in own_links:
            continue
        found = model._base_manager.filter(**{relation.field.name: row}).count()
        if found:
            label = str(NAMES.get(model._meta.label_lower, model._meta.verbose_name_plural))
            counts[label] = counts.get(label, 0) + found
    return [Referrer(label, count) for label, count in sorted(counts.items())]


def delete_unused(row: Any, *, by: Any, reason: str = "") -> list[Referrer]:
    """Deletes the row when nothing refers to it; otherwise says what does and leaves it."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=reason):
        list(type(row)._base_manager.filter(pk=row.pk).select_for_update().values_list("pk"))
        found = referrers(row)
        if not found:
            row.delete()
        return found

"""Reserved funding set free by a decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from core.db import retrying
from core.money import format_eur
from core.templatetags.ui import plain_text
from measures.services.common import because, refuse
from programme.decisions import make_decision
from programme.models import Allocation, FundingRelease


@retrying
def release_funding(
    *, allocation: Allocation, to_allocation: Allocation | None, amount_eur_cents: int, released_on: date,
    decision: Mapping[str, Any], reason: str, by: Any,
) -> FundingRelease:  # fmt: skip
    """Sets a part of a reserved allocation free, for itself or for another allocation of the same source.

    `decision` holds the fields of programme.decisions. At most what is still reserved can be released.
    """
    with transaction.atomic(), because(by, reason):
        row = (
            Allocation.objects.select_for_update(of=("self",)).select_related("source").get(pk=allocation.pk)
        )
        if row.state != Allocation.State.RESERVED:
            refuse(
                "not_reserved",
                _("Only a reserved part is released. Other allocations can be used as they are."),
            )
        if to_allocation is not None and to_allocation.source_id != row.source_id:
            refuse("other_source", _("Money of one source cannot be moved to an allocation of another."))
        whole = row.final_eur_cents if row.final_share is not None else row.high_eur_cents
        gone = row.releases.aggregate(cents=Sum("amount_eur_cents"))["cents"] or 0
        if whole is not None and gone + amount_eur_cents > whole:
            left = format_eur(whole - gone, unit="eur", sign=False, with_unit=True)
            refuse(
                "too_much", _("At most what is still reserved can be released: %(left)s.") % {"left": left}
            )
        subject = _("Funding released: %(name)s") % {"name": plain_text(row)}
        made = make_decision(programme=row.programme, values=decision, subject=subject, by=by, reason=reason)
        if made is None:
            refuse("no_decision", _("Reserved funding is released by a decision: say who decided and when."))
        release = FundingRelease(
            programme_id=row.programme_id, allocation=row, to_allocation=to_allocation,
            amount_eur_cents=amount_eur_cents, released_on=released_on, decision=made, reason=reason,
        ).stamp(by)  # fmt: skip
        release.full_clean()
        release.save()
        return release

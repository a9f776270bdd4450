"""Who is told of entered, approved, returned and missing values; each within the transaction of the cause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.notices import forget_asked, notify, register
from core.periods import format_date
from core.permissions import ACTIONS
from core.templatetags.ui import plain_text, with_unit
from kpis.models import Indicator, ManualValue
from kpis.values.periods import Period, parse_period
from measures.book_notices import names_of

ENTERED, APPROVED, RETURNED, LATE = "kpi.entered", "kpi.approved", "kpi.returned", "kpi.late"

Params = Mapping[str, Any]


def approvers(programme_id: int, *, but: Any) -> Iterable[Any]:
    """People with a role that approves values in the programme, without the one who acts."""
    rows = get_user_model().objects.filter(
        grants__programme=programme_id, grants__role__in=ACTIONS["kpi.approve"], is_active=True
    )
    return rows.exclude(pk=getattr(but, "pk", None) or 0).distinct()


def _asked(value: ManualValue) -> str:
    """A value that is corrected is asked about anew."""
    return f"kpi-entered-{value.pk}-{value.version}"


def forget_entered(value: ManualValue) -> None:
    """Nobody needs to decide on the value as it stood."""
    forget_asked(_asked(value))


def tell_entered(value: ManualValue, *, by: Any) -> None:
    """Those who may approve are asked; once for each time the value is entered."""
    notify(
        approvers(value.programme_id, but=by), ENTERED, params=_params(value) | {"who": _name(by)},
        url=reverse("kpis:value_detail", args=[value.programme.slug, value.pk]),
        dedupe_key=_asked(value), programme=value.programme,
    )  # fmt: skip


def tell_approved(value: ManualValue, *, by: Any) -> None:
    """Who entered the value and the indicator's owner hear that it counts."""
    forget_entered(value)
    _tell_people(value, APPROVED, {}, by=by)


def tell_returned(value: ManualValue, *, by: Any) -> None:
    """Who entered the value and the indicator's owner hear why it does not count."""
    forget_entered(value)
    _tell_people(value, RETURNED, {"reason": value.reason}, by=by)


def _tell_people(value: ManualValue, code: str, more: Params, *, by: Any) -> None:
    people = {value.entered_by, value.indicator.owner} - {None, by}
    notify(
        [one for one in people if one is not None], code, params=_params(value) | dict(more),
        url=reverse("kpis:value_detail", args=[value.programme.slug, value.pk]),
        dedupe_key=f"{code}-{value.pk}-{value.version}", programme=value.programme,
    )  # fmt: skip


def tell_late(indicator: Indicator, *, due: date, latest: str) -> int:
    """The owner is reminded once of the value that should have come by `due`; how many were told."""
    if indicator.owner is None:
        return 0
    return notify(
        [indicator.owner], LATE,
        params={"names": names_of(indicator), "due": due.isoformat(), "latest": latest},
        url=reverse("kpis:value_list", args=[indicator.programme.slug, indicator.pk]),
        dedupe_key=f"{LATE}-{indicator.pk}-{due.isoformat()}", programme=indicator.programme,
    )  # fmt: skip


def _params(value: ManualValue) -> dict[str, Any]:
    return {
        "names": names_of(value.indicator), "period": Period.of(value).key, "value": str(value.value),
        "unit": value.indicator.unit,
    }  # fmt: skip


def _name(person: Any) -> str:
    return (person.get_full_name() or person.get_username()) if person is not None else ""


# --- in words ---------------------------------------------------------------------------------------------------


def _told(params: Params) -> dict[str, str]:
    """Name of the indicator, the period and the value as people read them."""
    return {
        "name": plain_text(dict(params["names"])), "period": str(parse_period(str(params["period"]))),
        "value": with_unit(params["value"], params.get("unit", "")), "who": str(params.get("who", "")),
        "reason": str(params.get("reason", "")),
    }  # fmt: skip


def _entered(params: Params, _programme: Any) -> str:
    return _("%(who)s entered a value that waits for approval: %(name)s %(period)s, %(value)s.") % _told(
        params
    )


def _approved(params: Params, _programme: Any) -> str:
    return _("The value was approved and counts: %(name)s %(period)s, %(value)s.") % _told(params)


def _returned(params: Params, _programme: Any) -> str:
    return _("The value was returned: %(name)s %(period)s, %(value)s. %(reason)s") % _told(params)


def _late(params: Params, _programme: Any) -> str:
    told = {"name": plain_text(dict(params["names"])), "due": format_date(date.fromisoformat(params["due"]))}
    if params.get("latest"):
        told["latest"] = str(parse_period(str(params["latest"])))
        return _("%(name)s: a new value should have come by %(due)s. The latest is of %(latest)s.") % told
    return _("%(name)s: a value should have come by %(due)s, and there is none yet.") % told


for code, words in {ENTERED: _entered, APPROVED: _approved, RETURNED: _returned, LATE: _late}.items():
    register(code, words)

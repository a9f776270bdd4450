"""Who decides is told of a request; who asked is told of the decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.notices import forget_asked, notify, register, who_may
from core.permissions import ACTIONS, can
from programme.models import ChangeRequest

ASKED, DECIDED = "change.asked", "change.decided"


def address_of(row: ChangeRequest) -> str:
    return reverse("programme:change_detail", args=[row.programme.slug, row.project.slug, row.number])


def deciders(row: ChangeRequest) -> list[Any]:
    """People who may decide on it, but never who asked. One statement, and one for each person's roles."""
    people = get_user_model().objects.filter(
        is_active=True, grants__programme=row.programme_id, grants__role__in=ACTIONS["change.decide"]
    )
    return [
        person
        for person in people.distinct().order_by("pk")
        if person.pk != row.asked_by_id and can(person, "change.decide", row)
    ]


def tell_asked(row: ChangeRequest) -> None:
    notify(
        deciders(row), ASKED, params={"project": row.project.name, "what": row.subject}, url=address_of(row),
        dedupe_key=_key(row), programme=row.programme,
    )  # fmt: skip


def tell_decided(row: ChangeRequest) -> None:
    forget(row)
    if row.asked_by is not None:
        notify(
            [row.asked_by], DECIDED,
            params={"state": row.state, "what": row.subject, "answer": row.answer[:300]}, url=address_of(row),
            dedupe_key=f"{_key(row)}-decided", programme=row.programme,
        )  # fmt: skip


def forget(row: ChangeRequest) -> None:
    """Nobody needs to decide any more."""
    forget_asked(_key(row))


def _key(row: ChangeRequest) -> str:
    return f"change-{row.pk}"


def _asked(params: Mapping[str, Any], programme: Any) -> str:
    return _("A change of the project %(project)s waits for a decision: %(what)s") % params


def _decided(params: Mapping[str, Any], programme: Any) -> str:
    if params["state"] == ChangeRequest.State.ACCEPTED:
        return _("Your change request was accepted: %(what)s") % params
    return _("Your change request was refused: %(what)s. %(answer)s") % params


register(ASKED, _asked, hears=who_may("project.view"))
register(DECIDED, _decided, hears=who_may("project.view"))

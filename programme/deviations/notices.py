"""Owners are told once of the deviations that became theirs; many found in one look are told together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.notices import notify, register, who_may
from programme.deviations.wording import Words, subject_of
from programme.models import Deviation, Programme

FOUND, GIVEN = "deviation.found", "deviation.given"


def tell_owners(programme: Programme, rows: Sequence[Deviation]) -> None:
    """One notice for each owner of the new rows."""
    of_owner: dict[Any, list[Deviation]] = defaultdict(list)
    for row in rows:
        if row.owner is not None:
            of_owner[row.owner].append(row)
    for owner, theirs in of_owner.items():
        notify(
            [owner], FOUND, params=_params(theirs), url=_url(programme, theirs, owner),
            dedupe_key=f"deviation-{theirs[0].pk}-{theirs[-1].pk}", programme=programme,
        )  # fmt: skip


def tell_given(row: Deviation, *, by: Any) -> None:
    """Who was made the owner by somebody else is told, once for each row."""
    if row.owner is None or row.owner == by or row.closed_on is not None:
        return
    notify(
        [row.owner], GIVEN, params=_params([row]), url=_url(row.programme, [row], row.owner),
        dedupe_key=f"deviation-given-{row.pk}", programme=row.programme,
    )  # fmt: skip


def _params(rows: Sequence[Deviation]) -> dict[str, Any]:
    first = rows[0]
    return {
        "count": len(rows), "kind": first.kind, "of": first.params,
        "due": first.due_on.isoformat() if first.due_on else "",
    }  # fmt: skip


def _url(programme: Programme, rows: Sequence[Deviation], owner: Any) -> str:
    if len(rows) == 1:
        return reverse("programme:deviation_detail", args=[programme.slug, rows[0].pk])
    return f"{reverse('programme:deviation_list', args=[programme.slug])}?owner={owner.pk}"


def _said(params: Mapping[str, Any], programme: Any) -> str:
    """The reason of a single one; how many there are of several."""
    if params["count"] > 1:
        text = ngettext(
            "%(n)s deviation was found that you own.",
            "%(n)s deviations were found that you own.",
            params["count"],
        )
        return text % {"n": params["count"]}
    row = Deviation(kind=params["kind"], params=params["of"])
    return _("A deviation for you, %(name)s: %(why)s") % {
        "name": subject_of(params["of"]), "why": Words(programme).of(row)
    }  # fmt: skip


register(FOUND, _said, hears=who_may("project.view"))
register(GIVEN, _said, hears=who_may("project.view"))

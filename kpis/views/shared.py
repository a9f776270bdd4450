"""What the page of an indicator and its parts both need."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.permissions import can
from kpis.regions import COUNTIES

#: What may be done with an indicator: address, right, words.
Act = tuple[str, str, str | Promise]
HEAD_ACTS: tuple[Act, ...] = (
    ("kpis:value_add", "kpi.enter", gettext_lazy("Enter a value")),
    ("kpis:indicator_edit", "kpi.edit", gettext_lazy("Edit")),
)
VALUE_ACTS: tuple[Act, ...] = (("kpis:value_list", "kpi.view", gettext_lazy("Entered values")),)
RULE_ACTS: tuple[Act, ...] = (("kpis:rule_list", "kpi.view", gettext_lazy("Target rules")),)
SOURCE_ACTS: tuple[Act, ...] = (("kpis:source_list", "kpi.edit", gettext_lazy("Sources")),)

#: More chosen counties than this make a chart that nobody can read.
PEERS_AT_MOST = 6


def chosen_peers(request: HttpRequest) -> list[str]:
    """Keys of the counties that the address names (`?peer=09&peer=11`), in the order of their codes."""
    asked = set(request.GET.getlist("peer"))
    return [county.key for county in COUNTIES if county.code in asked][:PEERS_AT_MOST]


def peer_codes(peers: list[str]) -> list[str]:
    """The codes of counties as they stand in the address."""
    return [key.partition(":")[2] for key in peers]


def group_name(indicator: Any, key: str) -> str:
    """What a group is called: its own name, men, women, or the key."""
    prefetch_related_objects([indicator], "groups")  # once, however many groups are named
    names = {group.key: str(group) for group in indicator.groups.all()}
    known = {"male": _("men"), "female": _("women")}
    return names.get(key) or known.get(key, key)


def link_name(indicator: Any, pk: int) -> str:
    """What a source of the indicator is called."""
    for link in indicator.source_links.all():
        if link.pk == pk:
            return link.name or (f"Sotkanet {link.sotkanet_id}" if link.sotkanet_id else link.key)
    return str(pk)


def links_to(
    request: HttpRequest, programme: Any, indicator: Any, acts: Iterable[Act]
) -> list[dict[str, Any]]:
    """The acts that the person may do, ready for a row of buttons."""
    return [
        {"url": reverse(name, args=[programme.slug, indicator.pk]), "label": words}
        for name, action, words in acts
        if can(request.user, action, indicator)
    ]

"""Waiting in words: names of what waits, warnings with their chain, circles, and the notice of a new warning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import get_language, ngettext

from accounts.notices import register, who_may
from core.periods import format_date
from core.text import LANGUAGES, translated
from programme.projects.links.graph import WHOLE, Link, Node
from programme.projects.links.selectors import Network
from programme.projects.wording import joined

WARNED = "schedule.warned"
#: Names that one message lists.
NAMED = 5


def named(network: Network, node: Node, *, within: int = 0) -> str:
    """A milestone by name, with its project's unless that is `within`; a project by its own."""
    row = network.row(node)
    name = translated(row, "name").text  # type: ignore[arg-type]
    if node[1] == WHOLE or node[0] == within:
        return name
    return f"{name} ({translated(network.projects[node[0]], 'name').text})"  # type: ignore[arg-type]


def names_of(row: Any) -> dict[str, str]:
    """The names of a row by language, as a notice keeps them."""
    return {code: name for code in LANGUAGES if (name := getattr(row, f"name_{code}"))}


def circle_words(network: Network, nodes: Iterable[Node]) -> str:
    """ "Pilot (Booking) → Launch (Home care) → Pilot (Booking)": each waits for the one after it."""
    return " → ".join(named(network, node) for node in nodes)


@dataclass(frozen=True)
class Warning:
    """Something that cannot come on its day: what, when it can at the earliest, and through which chain."""

    node: Node
    name: str
    days: int
    own: date
    possible: date
    chain: list[str]

    @property
    def words(self) -> str:
        """ "14 days too early: not before 15.8.2024"."""
        told = {"days": self.days, "day": format_date(self.possible)}
        return (
            ngettext(
                "%(days)s day too early: not possible before %(day)s",
                "%(days)s days too early: not possible before %(day)s",
                self.days,
            )
            % told
        )

    @property
    def because(self) -> str:
        """What it waits for and what that waits for, to what began it."""
        return " → ".join(self.chain)


def warning_of(network: Network, node: Node, *, within: int = 0) -> Warning | None:
    """The warning of a node; None when it can come as it says."""
    now = network.at(node)
    if not now.is_warned or now.own is None or now.possible is None:
        return None
    links: list[Link] = network.chain(node)
    chain = [named(network, link.what, within=within) for link in links]
    return Warning(node, named(network, node, within=within), now.late_days, now.own, now.possible, chain)


def tell(request: HttpRequest, network: Network | None, nodes: Iterable[Node]) -> None:
    """Says on the next page who is warned down the chain, after a day or a link was changed."""
    found = [] if network is None else [warning_of(network, node) for node in nodes]
    told = [one for one in found if one is not None]
    if not told:
        return
    names = [f"{one.name} ({one.words})" for one in told[:NAMED]]
    if len(told) > NAMED:
        rest = len(told) - NAMED
        names.append(ngettext("%(count)s more", "%(count)s more", rest) % {"count": rest})
    messages.warning(
        request,
        ngettext(
            "Warned down the chain: %(names)s.", "%(count)s are warned down the chain: %(names)s.", len(told)
        )
        % {"count": len(told), "names": joined(names)},
    )


# --- the notice -------------------------------------------------------------------------------------------------


def notice_params(network: Network, node: Node) -> dict[str, Any]:
    """What the words of the notice are made of: who is warned, in which project, by how many days, through what."""
    now = network.at(node)
    began = network.chain(node)[-1].what
    return {
        "names": names_of(network.row(node)),
        "project": names_of(network.projects[node[0]]),
        "is_project": node[1] == WHOLE,
        "cause": names_of(network.row(began)),
        "cause_project": names_of(network.projects[began[0]]),
        "days": now.late_days,
        "possible": now.possible.isoformat() if now.possible else "",
    }


def _in_words(names: Mapping[str, str]) -> str:
    wanted = (get_language() or "")[:2]
    return next((names[code] for code in (wanted, *LANGUAGES) if code in names), "")


def _warned(params: Mapping[str, Any], programme: Any) -> str:
    told = {
        "name": _in_words(params["names"]),
        "project": _in_words(params["project"]),
        "cause": _in_words(params["cause"]),
        "cause_project": _in_words(params["cause_project"]),
        "day": format_date(date.fromisoformat(params["possible"])),
        "days": params["days"],
    }
    if params["is_project"]:
        return (
            ngettext(
                "%(name)s cannot end when planned: it waits for %(cause)s (%(cause_project)s) and is "
                "%(days)s day too early. Not possible before %(day)s.",
                "%(name)s cannot end when planned: it waits for %(cause)s (%(cause_project)s) and is "
                "%(days)s days too early. Not possible before %(day)s.",
                params["days"],
            )
            % told
        )
    return (
        ngettext(
            "%(name)s (%(project)s) waits for %(cause)s (%(cause_project)s) and is %(days)s day too early. "
            "Not possible before %(day)s.",
            "%(name)s (%(project)s) waits for %(cause)s (%(cause_project)s) and is %(days)s days too early. "
            "Not possible before %(day)s.",
            params["days"],
        )
        % told
    )


register(WARNED, _warned, hears=who_may("project.view"))

"""The portal's navigation: what there is, what this person may open, where they are."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, reverse, translate_url
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from programme.templatetags.words import level

register = template.Library()


@dataclass(frozen=True)
class Place:
    """One entry: the right it needs, the page it opens, the URL names that count as being there."""

    label: str | Promise
    action: str
    url_name: str
    covers: tuple[str, ...] = ()
    level: str = ""  # key of a level whose name the programme may choose itself


MAIN = (
    Place(_("Dashboard"), "dashboard_view", "reporting:dashboard"),
    Place(
        _("Measures"), "measure_view", "measures:measure_list",
        ("measures:measure_", "measures:line_", "measures:month_grid", "measures:target_", "measures:gate_ask",
         "measures:gate_decide", "measures:gate_return", "measures:plan_change", "measures:card_part",
         "reporting:measure_"),
    ),
    Place(
        _("Savings"), "savings_view", "measures:savings_matrix",
        (
            "measures:savings_", "measures:budget_shares", "measures:forecast", "measures:confirmation",
            "measures:reconciliation", "measures:books", "measures:overlap", "measures:unallocated",
            "measures:crossfooting", "measures:deficit",
        ),
    ),
    Place(
        _("Projects"), "project_view", "programme:project_list",
        (
            "programme:project_", "programme:plan_", "programme:milestone_", "programme:initiative_",
            "programme:phase_", "programme:element_", "programme:effect_", "programme:lesson_",
            "programme:stakeholder_", "programme:communication_", "measures:project_", "measures:initiative_",
            "programme:gantt", "programme:link_",
        ),
    ),
    Place(_("Indicators"), "kpi_view", "kpis:indicator_list", ("kpis:",)),
    Place(_("Risks"), "risk_view", "risks:risk_list", ("risks:risk_",)),
    Place(_("Big room"), "bigroom_view", "reporting:bigroom_list", ("reporting:bigroom_",)),
)  # fmt: skip

#: Groups of the menu "More".
MORE: tuple[tuple[str | Promise, tuple[Place, ...]], ...] = (
    (
        _("Content"),
        (
            Place(_("Themes"), "theme_view", "programme:theme_list", ("reporting:theme_",), level="themes"),
            Place(_("Goals"), "theme_view", "programme:goal_list", ("programme:goal_",), level="goals"),
            Place(
                _("Sectors"), "sector_view", "programme:sector_list", ("reporting:sector_",), level="sectors"
            ),
            Place(_("Client segments"), "sector_view", "programme:segment_list", ("reporting:segment_",)),
            Place(
                _("Measures in words"), "talk_view", "measures:idea_list",
                ("measures:idea_", "measures:proposal_"),
            ),
            Place(_("Vision"), "strategy_view", "strategy:vision"),
            Place(_("Annual objectives"), "strategy_view", "strategy:objective_list"),
            Place(_("Reporting points"), "strategy_view", "strategy:point_list"),
            Place(_("Seasons"), "strategy_view", "strategy:season_list"),
        ),
    ),
    (
        _("Running it"),
        (
            Place(
                pgettext_lazy("about the programme", "About"), "programme_view", "programme:programme_facts"
            ),
            Place(_("To be decided"), "measure_view", "measures:gate_list", ("measures:gate_list",)),
            Place(_("Roadmap"), "project_view", "programme:roadmap"),
            Place(_("Updates of projects"), "project_view", "programme:status_list", ("programme:status_",)),
            Place(_("Deviations"), "project_view", "programme:deviation_list", ("programme:deviation_",)),
            Place(_("Governance"), "governance_view", "programme:governance", ("programme:body_", "programme:duty_")),
            Place(_("Calendar"), "governance_view", "programme:calendar"),
            Place(_("Meetings"), "register_view", "programme:meeting_list", ("programme:meeting_",)),
            Place(_("Decisions"), "decision_view", "programme:decision_list", ("programme:decision_",)),
            Place(_("Action points"), "register_view", "programme:action_list", ("programme:action_",)),
            Place(
                _("People and roles"), "grant_view", "programme:person_list",
                ("programme:person_", "programme:grant_"),
            ),
            Place(_("Funding"), "funding_view", "measures:funding"),
            Place(_("Promises"), "risk_view", "risks:promise_list", ("risks:promise_",)),
            Place(_("Impacts"), "risk_view", "risks:impact_list", ("risks:impact_",)),
            Place(
                _("Obstacles"), "risk_view", "risks:obstacle_list",
                ("risks:obstacle_", "risks:weekly_", "risks:level_"),
            ),
        ),
    ),
    (
        _("Figures and settings"),
        (
            Place(_("Months of many measures"), "measure_view", "measures:months_many", ("measures:months_",)),
            Place(_("Targets"), "savings_view", "programme:target_list", ("programme:target_",)),
            Place(_("Words of money"), "savings_view", "measures:term_list"),
            Place(_("History"), "history_view", "reporting:history", ("reporting:history_",)),
            Place(_("What is missing"), "settings_edit", "reporting:set_up"),
            Place(_("Texts in three languages"), "text_edit", "reporting:text_list", ("reporting:text_",)),
            Place(
                _("Settings"), "settings_edit", "programme:settings",
                ("programme:settings_", "programme:parameter_"),
            ),
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    is_current: bool


@register.simple_tag(takes_context=True)
def main_links(context: dict[str, Any]) -> list[Link]:
    """Entries of the navigation row that this person may open."""
    return _links(context, MAIN)


@register.simple_tag(takes_context=True)
def more_groups(context: dict[str, Any]) -> list[tuple[str, list[Link]]]:
    """Groups of the menu "More"; empty ones are left out."""
    groups = [(str(heading), _links(context, places)) for heading, places in MORE]
    return [group for group in groups if group[1]]


@register.filter
def any_current(groups: list[tuple[str, list[Link]]]) -> bool:
    """One of the entries is the page shown."""
    return any(link.is_current for _heading, links in groups for link in links)


def _links(context: dict[str, Any], places: tuple[Place, ...]) -> list[Link]:
    portal = context.get("portal")
    if portal is None or portal.programme is None:
        return []
    programme = portal.programme
    match = getattr(context["request"], "resolver_match", None)
    here = match.view_name if match else ""
    language, prefix = translation.get_language() or "", get_script_prefix()
    links = []
    for place in places:
        if not portal.can.get(place.action):
            continue
        if url := _address(place.url_name, programme.slug, language, prefix):
            is_current = here == place.url_name or (bool(place.covers) and here.startswith(place.covers))
            links.append(Link(_label(place, programme), url, is_current))
    return links


def _label(place: Place, programme: Any) -> str:
    return level(programme, place.level) if place.level else str(place.label)


@lru_cache(maxsize=4096)
def _address(url_name: str, slug: str, _language: str, _prefix: str) -> str:
    """Kept, because every page asks for thirty; the last two are what else an address hangs on."""
    try:
        return reverse(url_name, args=[slug])
    except NoReverseMatch:
        return ""


@dataclass(frozen=True)
class LanguageLink:
    code: str
    name: str
    url: str
    is_current: bool


@register.simple_tag(takes_context=True)
def language_links(context: dict[str, Any]) -> list[LanguageLink]:
    """This very page in the portal's languages, query included."""
    request = context.get("request")
    path = request.get_full_path() if request else "/"
    if request is not None and request.method != "GET":
        path = request.path
    here = (translation.get_language() or settings.LANGUAGE_CODE)[:2]
    links = []
    for code, _name in settings.LANGUAGES:
        name = translation.get_language_info(code)["name_local"].capitalize()
        links.append(LanguageLink(code, name, _in_language(request, path, code), code == here))
    return links


def _in_language(request: HttpRequest | None, path: str, code: str) -> str:
    """`translate_url` for the page that is shown: its address is resolved already."""
    match = getattr(request, "resolver_match", None)
    if match is None:
        return translate_url(path, code)
    with translation.override(code):
        try:
            there = reverse(match.view_name, args=match.args, kwargs=match.kwargs)
        except NoReverseMatch:
            return path
    return urlsplit(path)._replace(path=there).geturl()

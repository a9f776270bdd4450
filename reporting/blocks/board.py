"""Blocks of the board: what must be decided, what changed, the themes with their lights."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from core.money import format_decimal
from core.parameters import parameters_of
from core.periods import add_months
from measures.calculations import Figures, add_known, standing
from measures.wording import LEVEL_WORDS, STANDING_WORDS, unknown_word
from programme.models import Programme, Theme
from reporting.blocks.levels import level_source, quantity_name
from reporting.blocks.slices import beside_cells
from reporting.content import (
    Cell,
    Content,
    Text,
    column,
    figure_cell,
    row,
    stages_cell,
    status_cell,
    text_cell,
)
from reporting.lights import (
    GOOD_FROM,
    WATCH_FROM,
    WORDS,
    Attention,
    obstacle_light,
    savings_light,
    savings_share,
    schedule_light,
)
from reporting.selectors import Overview
from reporting.words import amount, day, month, own_word
from risks.models import Obstacle

BOARD_LEVELS = ("forecast", "confirmed")
#: Lines of what must be decided: more than a meeting can take are counted, not listed.
DECISIONS = 5


def _counted(content: Content, message: Any, count: int) -> Text:
    """A sentence about a number of things in every language of the content."""
    return content.say("%(text)s", text=lambda _language: message % {"count": count})


# --- what must be decided ---------------------------------------------------------------------------------


def decide(content: Content, overview: Overview) -> None:
    """Obstacles past their time, target that nobody carries, themes without an owner, claims that wait."""
    obstacles = [_obstacle_item(content, found, overview.as_of) for found in overview.waiting.obstacles]
    late = [item for item in obstacles if item["status"]]
    items = [
        *late,
        *_unallocated(content, overview),
        *_without_owner(content, overview),
        *_undecided(content, overview),
        *(item for item in obstacles if not item["status"]),
    ]
    more = overview.waiting.open_obstacles - len(obstacles)
    content.add(
        "list",
        "decide",
        content.say(_("What must be decided")),
        items=items[:DECISIONS],
        board=True,
        small=_counted(
            content,
            ngettext_lazy("and %(count)s more obstacle", "and %(count)s more obstacles", "count"),
            more,
        )
        if more > 0
        else {},
        empty=content.say(_("Nothing waits for a decision.")),
    )


def _obstacle_item(content: Content, found: Obstacle, on: date) -> dict[str, object]:
    late = found.due_on is not None and found.due_on < on
    level = str(Obstacle.Level(found.level).label)
    age = (on - found.raised_on).days
    detail = (
        content.say(_("%(level)s, %(days)s days, due %(due)s"), level=level, days=age, due=day(found.due_on))
        if found.due_on
        else content.say(_("%(level)s, %(days)s days"), level=level, days=age)
    )
    return {
        "title": content.name(found),
        "detail": detail,
        "status": {"tone": "bad", "word": content.say(_("past its time"))} if late else {},
        "href": f"obstacles/{found.pk}/",
    }


def _unallocated(content: Content, overview: Overview) -> list[dict[str, object]]:
    ladder = overview.figures.ladder
    if not ladder.unallocated or ladder.unallocated >= 0:
        return []
    return [
        {
            "title": content.say(
                _("%(amount)s of the target has no measure"), amount=amount(ladder.unallocated)
            ),
            "detail": content.say(
                _("released by withdrawn measures %(released)s, never allocated %(never)s"),
                released=amount(ladder.released),
                never=amount(ladder.never_allocated),
            ),
            "status": {},
            "href": "savings/",
        }
    ]


def _without_owner(content: Content, overview: Overview) -> list[dict[str, object]]:
    found = [theme for theme in overview.themes if theme.owner is None]
    if not found:
        return []
    names: Text = {
        language: " · ".join(getattr(theme, f"name_{language}", "") or theme.name for theme in found)
        for language in content.languages
    }
    return [
        {
            "title": _counted(
                content,
                ngettext_lazy("%(count)s theme has no owner", "%(count)s themes have no owner", "count"),
                len(found),
            ),
            "detail": names,
            "status": {},
            "href": "themes/",
        }
    ]


def _undecided(content: Content, overview: Overview) -> list[dict[str, object]]:
    cents = overview.figures.total.cumulative.undecided
    if not cents:
        return []
    return [
        {
            "title": content.say(_("%(amount)s of claims waits for the controller"), amount=amount(cents)),
            "detail": content.say(
                _("claimed through %(month)s"), month=month(overview.figures.closed_through)
            ),
            "status": {},
            "href": "savings/confirmation/",
        }
    ]


# --- what changed -------------------------------------------------------------------------------------------


def changes(content: Content, overview: Overview) -> None:
    """Since the big room before; without one, from month to month of the books."""
    before = overview.waiting.before
    found = (
        _forecast_change(content, overview),
        _achieved_change(content, overview, "claimed"),
        _achieved_change(content, overview, "confirmed"),
    )
    items = [item for item in found if item]
    items += _events(content, overview)
    content.add(
        "list",
        "changes",
        content.say(_("What changed")),
        items=items,
        board=True,
        small=content.say(_("since the big room %(month)s"), month=month(before.month))
        if before
        else content.say(_("by the books and in 30 days")),
        more=f"bigroom/{before.month:%Y-%m}/" if before else "bigroom/",
        empty=content.say(_("There are no figures to compare yet.")),
    )


def _forecast_change(content: Content, overview: Overview) -> dict[str, object] | None:
    before = overview.waiting.before
    new = overview.main.forecast
    if before is None or new is None:
        return None
    now = add_known([new, overview.base_of("forecast")])
    then = before.figures.get(f"forecast-with-base.programme.{overview.year}")
    return _change(content, "forecast", now, then, content.say("%(month)s", month=month(before.month)))


def _achieved_change(content: Content, overview: Overview, level: str) -> dict[str, object] | None:
    """A run rate against the big room before, else against the month before its own."""
    now, when = overview.achieved(level)
    before = overview.waiting.before
    if before is not None:
        then = before.starting(f"run-rate-{level}.programme." if when else f"{level}.programme.")
        if now == then:
            return None  # what stayed is quiet; the forecast says so for all
        return _change(content, level, now, then, content.say("%(month)s", month=month(before.month)))
    if when is None or overview.programme.basis != Programme.Basis.LEVEL_CHANGE:
        return None
    earlier = add_months(when, -1)
    lasting = {point.month: point.lasting for point in overview.figures.months.get(level, ())}.get(earlier)
    then = None if lasting is None else 12 * lasting
    return _change(content, level, now, then, content.say("%(month)s", month=month(earlier)))


def _change(
    content: Content, level: str, now: int | None, then: int | None, compared: Text
) -> dict[str, object] | None:
    """How a figure moved, in words: the sign of money is not asked to say it."""
    if now is None or then is None:
        return None
    said = {"size": amount(abs(now - then), sign=False), "then": lambda language: compared.get(language, "")}
    words = (
        _("%(size)s more saved than in %(then)s")
        if now < then
        else _("%(size)s less saved than in %(then)s")
        if now > then
        else _("the same as in %(then)s")
    )
    if now == then:
        said.pop("size")
    return {
        "title": content.say(
            "%(level)s %(amount)s",
            level=lambda _language: str(LEVEL_WORDS[level]),
            amount=amount(now),
        ),
        "detail": content.say(words, **said),
        "status": {},
        "href": level_source(level),
    }


def _events(content: Content, overview: Overview) -> list[dict[str, object]]:
    waiting, since = overview.waiting, overview.waiting.since
    detail = content.say(_("after %(day)s"), day=day(since))
    found: list[dict[str, object]] = []
    if waiting.reached_milestones:
        title = _counted(
            content,
            ngettext_lazy("%(count)s milestone reached", "%(count)s milestones reached", "count"),
            waiting.reached_milestones,
        )
        found.append({"title": title, "detail": detail, "status": {}, "href": "roadmap/"})
    if waiting.new_obstacles:
        title = _counted(
            content,
            ngettext_lazy("%(count)s new obstacle", "%(count)s new obstacles", "count"),
            waiting.new_obstacles,
        )
        found.append({"title": title, "detail": detail, "status": {}, "href": "obstacles/"})
    return found


# --- themes with their lights -------------------------------------------------------------------------------


def themes_board(content: Content, overview: Overview) -> None:
    """Each theme in one line: measures, forecast, confirmed, and three lights with their reasons."""
    figures, year = overview.figures, overview.year
    if not overview.themes:
        return
    rows = [_theme_row(content, overview, theme) for theme in overview.themes]
    together = content.say(_("Together"))
    rows.append(
        row(
            text_cell(together),
            figure_cell(
                content.count(
                    f"measures.programme.{year}", figures.measures, content.say(_("Measures")), source="measures/"
                )
            ),
            text_cell({}),
            *beside_cells(content, overview, figures.total, "programme", together, "", *BOARD_LEVELS),
            text_cell({}), text_cell({}), text_cell({}),
            total=True,
        )
    )  # fmt: skip
    achieved_in = overview.achieved("confirmed")[1]
    good, watch = (parameters_of(overview.programme)[one] for one in (GOOD_FROM, WATCH_FROM))
    content.add(
        "table",
        "themes",
        own_word(content, overview.programme, "themes"),
        small=quantity_name(content, overview),
        columns=[
            column(own_word(content, overview.programme, "theme")),
            column(content.say(_("Measures")), "count"),
            column(content.say(_("Stages")), "stages"),
            column(content.say(LEVEL_WORDS["forecast"]), "money"),
            column(
                content.say(LEVEL_WORDS["confirmed"]),
                "money",
                content.say("%(month)s", month=month(achieved_in)) if achieved_in else None,
            ),
            column(content.say(_("Savings"))),
            column(content.say(_("Schedule"))),
            column(content.say(_("Obstacles"))),
        ],
        rows=rows,
        notes=[
            *([_confirmed_note(content, achieved_in)] if achieved_in else []),
            content.say(
                _(
                    "Savings: forecast of the plan, good from %(good)s %%, at risk below %(watch)s %%. "
                    "Schedule: at risk when a milestone is late. Obstacles: at risk when one is past its time."
                ),
                good=lambda language: format_decimal(_percent(good), language=language),
                watch=lambda language: format_decimal(_percent(watch), language=language),
            ),
        ],
        on_phone="cards",
        sums=True,
    )


def _confirmed_note(content: Content, when: date) -> Text:
    """What stands in the column of confirmed savings: a run rate of a month (R8)."""
    return content.say(
        "%(level)s: %(quantity)s.",
        level=lambda _language: str(LEVEL_WORDS["confirmed"]),
        quantity=lambda _language: str(_("run rate %(month)s")) % {"month": month(when)},
    )


def _percent(share: object) -> int:
    return round(100 * share)  # type: ignore[operator, call-overload, no-any-return]


def _theme_row(content: Content, overview: Overview, theme: Theme) -> dict[str, object]:
    figures = overview.figures
    counts = figures.stage_counts_by_theme.get(theme.pk, {})
    query, slice_ref, name = f"theme={theme.key}", f"theme-{theme.key}", content.name(theme)
    own = figures.by_theme.get(theme.pk, Figures())
    owner = (
        content.say("%(name)s", name=str(theme.owner.get_full_name() or theme.owner))
        if theme.owner
        else content.say(_("owner missing"))
    )
    count = content.count(
        f"measures.{slice_ref}.{overview.year}",
        sum(counts.values()),
        content.say(_("Measures")),
        source=f"measures/?{query}",
    )
    return row(
        text_cell(name, small=owner, href=f"themes/{theme.key}/", tone="" if theme.owner else "bad"),
        figure_cell(count),
        stages_cell(
            (stage, own_word(content, overview.programme, f"stage.{stage}"), counts[stage])
            for stage in overview.stage_order
            if counts.get(stage)
        ),
        *beside_cells(content, overview, own, slice_ref, name, query, *BOARD_LEVELS),
        *_lights(content, overview, own, overview.waiting.by_theme.get(theme.pk, Attention())),
    )


def _no_share(plan: int | None, forecast: int | None) -> Any:
    """Why there is no share of the plan: nothing is entered, or it is no saving (R16)."""
    if plan is None:
        return unknown_word("plan")
    if forecast is None:
        return unknown_word("forecast")
    return STANDING_WORDS[standing(plan, forecast)]


def _lights(content: Content, overview: Overview, own: Figures, found: Attention) -> list[Cell]:
    chosen = parameters_of(overview.programme)
    main = overview.main_levels(own)
    share = savings_share(main.plan, main.forecast)
    reason: Text = (
        content.say(
            _("%(share)s %% of plan"),
            share=lambda language: format_decimal(_percent(share), language=language),
        )
        if share is not None
        else content.say(_no_share(main.plan, main.forecast))
    )
    schedule = schedule_light(found)
    why = (
        _counted(content, ngettext_lazy("%(count)s late", "%(count)s late", "count"), found.late)
        if found.late
        else _counted(content, ngettext_lazy("%(count)s moved", "%(count)s moved", "count"), found.moved)
        if found.moved
        else {}
    )
    waits = (
        _counted(content, ngettext_lazy("%(count)s open", "%(count)s open", "count"), found.obstacles)
        if found.obstacles
        else {}
    )
    tones = (
        (savings_light(share, good_from=chosen[GOOD_FROM], watch_from=chosen[WATCH_FROM]), reason),
        (schedule, why),
        (obstacle_light(found), waits),
    )
    return [status_cell(tone, content.say(WORDS[tone]), small=small) for tone, small in tones]

"""Blocks about what is not money: indicators, risks, obstacles, milestones, objectives. One query or two each."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.money import format_decimal
from core.templatetags.ui import unit as unit_name
from kpis.models import Indicator, Observation, TargetRule
from programme.models import Milestone, RoadmapActivity
from reporting.content import Content, Text, column, figure_cell, row, status_cell, text_cell
from reporting.selectors import Overview
from reporting.words import day
from risks.calculations import tone_of
from risks.models import Obstacle, Risk, RiskAssessment
from risks.register.selectors import counted_threats
from strategy.models import MetricYear

#: Rows that a panel of the dashboard shows; the page behind it shows all.
PANEL_ROWS = 6
INDICATORS = 8
MILESTONE_DAYS = 30


# --- indicators ---------------------------------------------------------------------------------------


def indicators(content: Content, overview: Overview, *, rows: int = INDICATORS) -> None:
    """The indicators with their latest value; one without says so and is never judged."""
    found = list(Indicator.objects.filter(programme=overview.programme).order_by("scope", "position")[:rows])
    latest = _latest_values(overview, found)
    items = []
    for indicator in found:
        value = latest.get(indicator.pk)
        items.append(
            {
                "title": content.name(indicator),
                "value": _value_text(content, indicator, value),
                "detail": _value_detail(content, indicator, value),
                "status": {"tone": "none", "word": content.say(_indicator_state(indicator, value))},
                "href": f"kpis/{indicator.pk}/",
            }
        )
    content.add(
        "tiles",
        "indicators",
        content.say(_("Indicators")),
        items=items,
        more="kpis/",
        small=content.say(_("latest value and its age")),
        empty=content.say(_("The programme has no indicators yet.")),
    )


def _latest_values(overview: Overview, found: list[Indicator]) -> dict[int, Observation]:
    """The newest value of the own county for each indicator, newest vintage first."""
    rows = (
        Observation.objects.filter(
            programme=overview.programme,
            indicator__in=[row.pk for row in found],
            region_role=Observation.Region.OWN,
            breakdown="",
            year__lte=overview.as_of.year,
        )
        .order_by("indicator_id", "-year", "-month", "-vintage")
        .distinct("indicator_id")
    )
    return {row.indicator_id: row for row in rows}


def _value_text(content: Content, indicator: Indicator, value: Observation | None) -> Text:
    if value is None:
        return content.say(_("no value yet"))
    return content.say(
        "%(number)s %(unit)s",
        number=lambda language: format_decimal(_plain(value.value), language=language),
        unit=lambda _language: unit_name(indicator.unit),
    )


def _plain(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _value_detail(content: Content, indicator: Indicator, value: Observation | None) -> Text:
    if value is not None and value.is_baseline:
        return content.say(_("baseline of %(year)s"), year=value.year)
    if value is not None:
        return content.say(_("year %(year)s"), year=value.year)
    if indicator.to_be_specified:
        return content.say(_("what is measured is still open"))
    return content.say(_("a value has not been entered"))


def _indicator_state(indicator: Indicator, value: Observation | None) -> str | Promise:
    if value is None:
        return _("baseline missing") if indicator.needs_baseline else _("no data")
    return _("starting level") if value.is_baseline else _("not judged yet")


# --- risks --------------------------------------------------------------------------------------------


def risks(content: Content, overview: Overview, *, rows: int = PANEL_ROWS) -> None:
    """The programme's risks with the highest level now, each once; those that nobody has assessed stand last."""
    found = list(counted_threats(overview.programme).prefetch_related("assessments"))
    levels = {risk.pk: _assessment_on(risk, overview.as_of) for risk in found}

    def level_now(risk: Risk) -> int:
        assessed = levels[risk.pk]
        return (assessed.level_now or 0) if assessed else 0

    found.sort(key=lambda risk: (-level_now(risk), risk.number))
    items = []
    for risk in found[:rows]:
        assessed = levels[risk.pk]
        known = assessed is not None and assessed.level_now is not None
        items.append(
            {
                "title": content.name(risk),
                "detail": content.say(
                    _("level now %(now)s, after mitigation %(after)s (1–25)"),
                    now=assessed.level_now,
                    after="–" if assessed.level_after is None else assessed.level_after,
                )
                if known and assessed
                else {},
                "status": _risk_status(content, level_now(risk))
                if known
                else {
                    "tone": "none",
                    "word": content.say(_("not assessed")),
                },
                "href": f"risks/{risk.pk}/",
            }
        )
    content.add(
        "list",
        "risks",
        content.say(_("Largest risks")),
        span=6,
        items=items,
        more="risks/",
        empty=content.say(_("No risks have been entered.")),
    )


def _assessment_on(risk: Risk, on: date) -> RiskAssessment | None:
    known = [row for row in risk.assessments.all() if row.assessed_on <= on]
    return max(known, key=lambda row: (row.assessed_on, row.pk), default=None)


def _risk_status(content: Content, level: int) -> dict[str, object]:
    tone = tone_of(level)
    words = {"bad": _("high"), "warn": _("moderate"), "ok": _("low"), "none": _("not assessed")}
    return {"tone": tone, "word": content.say(words[tone])}


# --- obstacles ----------------------------------------------------------------------------------------


def obstacles(content: Content, overview: Overview, *, rows: int = PANEL_ROWS) -> None:
    """Obstacles that nobody has decided yet, the oldest first, with their age and level."""
    on = overview.as_of
    waiting = Obstacle.objects.filter(programme=overview.programme, raised_on__lte=on).exclude(
        Q(closed_on__lte=on) | Q(decided_on__lte=on)
    )
    found = list(waiting.select_related("measure").order_by("raised_on", "id"))
    ages = Counter(_age_class((on - obstacle.raised_on).days) for obstacle in found)
    items = []
    for obstacle in found[:rows]:
        age = (on - obstacle.raised_on).days
        late = obstacle.due_on is not None and obstacle.due_on < on
        items.append(
            {
                "title": content.name(obstacle),
                "detail": content.say(
                    _("%(days)s days with %(level)s"),
                    days=age,
                    level=lambda language, level=obstacle.level: str(Obstacle.Level(level).label),
                ),
                "status": {"tone": "bad", "word": content.say(_("past its time"))} if late else {},
                "href": f"obstacles/{obstacle.pk}/",
            }
        )
    small = (
        content.say(
            _("under 2 weeks %(new)s · 2–4 weeks %(older)s · over 4 weeks %(oldest)s"),
            new=ages["new"],
            older=ages["older"],
            oldest=ages["oldest"],
        )
        if found
        else {}
    )
    content.add(
        "list",
        "obstacles",
        content.say(_("Obstacles by age")),
        span=6,
        items=items,
        small=small,
        empty=content.say(_("No open obstacles.")),
    )


def _age_class(days: int) -> str:
    return "new" if days < 14 else "older" if days < 28 else "oldest"


# --- milestones ---------------------------------------------------------------------------------------


def milestones(content: Content, overview: Overview) -> None:
    """What is due within 30 days, and what is late: milestones of projects and steps of the roadmap."""
    on = overview.as_of
    until = on + timedelta(days=MILESTONE_DAYS)
    due = (
        Milestone.objects.filter(programme=overview.programme)
        .filter(Q(actual_on__isnull=True) | Q(actual_on__gt=on))
        .annotate(due_on=Coalesce("forecast_on", "baseline_on"))
        .filter(due_on__lte=until)
        .select_related("project")
        .order_by("due_on", "id")
    )
    rows = [_milestone_row(content, found, on) for found in due[: 2 * PANEL_ROWS]]
    activities = RoadmapActivity.objects.filter(programme=overview.programme).filter(
        Q(starts_on__gt=on, starts_on__lte=until) | Q(ends_on__gte=on, ends_on__lte=until)
    )
    for activity in activities:
        starts = activity.starts_on > on
        moment = activity.starts_on if starts else activity.ends_on
        rows.append(
            row(
                text_cell(content.name(activity), small=content.say(_("roadmap")), href="roadmap/"),
                text_cell(content.say("%(day)s", day=day(moment))),
                status_cell("info", content.say(_("begins") if starts else _("ends"))),
            )
        )
    if not rows:
        content.add(
            "list",
            "milestones",
            content.say(_("Milestones, 30 days")),
            span=6,
            items=[],
            more="roadmap/",
            empty=content.say(_("Nothing falls due within 30 days.")),
        )
        return
    content.add(
        "table",
        "milestones",
        content.say(_("Milestones, 30 days")),
        span=6,
        columns=[
            column(content.say(_("Milestone"))),
            column(content.say(_("Day"))),
            column(content.say(_("State"))),
        ],
        rows=rows,
        notes=[],
    )


def _milestone_row(content: Content, found: Milestone, on: date) -> dict[str, object]:
    """Late against today, else late against its first plan, else on time."""
    due_on: date = found.due_on  # type: ignore[attr-defined]
    planned = found.baseline_on or due_on
    if due_on < on:
        word, tone = content.say(_("late by %(days)s days"), days=(on - due_on).days), "bad"
    elif due_on > planned:
        word, tone = content.say(_("moved by %(days)s days"), days=(due_on - planned).days), "warn"
    else:
        word, tone = content.say(_("on time")), "ok"
    return row(
        text_cell(
            content.name(found), small=content.name(found.project), href=f"projects/{found.project.slug}/"
        ),
        text_cell(content.say("%(day)s", day=day(due_on))),
        status_cell(tone, word),
    )


# --- a programme without euro targets -----------------------------------------------------------------


def objectives_this_year(content: Content, overview: Overview, *, rows: int = 12) -> None:
    """The year's answers to the council's objectives: yes, no, or not yet. After the period: its last year."""
    programme = overview.programme
    year = min(max(overview.as_of.year, programme.start_year), programme.final_year)
    found = list(
        MetricYear.objects.filter(programme=overview.programme, year=year)
        .select_related("metric__objective")
        .order_by("metric__objective__number", "metric__position")
    )
    if not found:
        return
    counts = Counter(str(answer.answer) for answer in found)
    tones = {"yes": "ok", "no": "bad", "open": "none"}
    items = [
        {
            "title": content.name(answer.metric),
            "detail": content.say(_("objective %(number)s"), number=answer.metric.objective.number),
            "status": {
                "tone": tones[str(answer.answer)],
                "word": content.say(MetricYear.Answer(answer.answer).label),
            },
            "href": "objectives/",
        }
        for answer in found[:rows]
    ]
    content.add(
        "list",
        "objectives",
        content.say(_("Objectives of %(year)s"), year=year),
        items=items,
        more="objectives/",
        small=content.say(
            _("yes %(yes)s · no %(no)s · not yet %(open)s"),
            yes=counts["yes"],
            no=counts["no"],
            open=counts["open"],
        ),
    )


def vision_summary(content: Content, overview: Overview) -> None:
    """How many vision indicators there are, and for how many a baseline or a value is missing."""
    own_values = Observation.objects.filter(indicator=OuterRef("pk"), region_role=Observation.Region.OWN)
    counts = (
        Indicator.objects.filter(programme=overview.programme, scope=Indicator.Scope.VISION)
        .annotate(has_value=Exists(own_values))
        .aggregate(
            together=Count("pk"),
            without_value=Count("pk", filter=Q(has_value=False)),
            without_baseline=Count("pk", filter=Q(needs_baseline=True, has_value=False)),
        )
    )
    if not counts["together"]:
        return
    lines = [
        ("vision-indicators", _("Indicators of the vision"), counts["together"], "strategy/"),
        ("vision-without-value", _("without a value"), counts["without_value"], "kpis/"),
        ("vision-without-baseline", _("waiting for a baseline"), counts["without_baseline"], "kpis/"),
    ]
    rows = []
    for key, name, value, source in lines:
        ref = content.count(f"{key}.programme.{overview.as_of.year}", value, content.say(name), source=source)
        rows.append(row(text_cell(content.say(name)), figure_cell(ref)))
    content.add(
        "table",
        "vision",
        content.say(_("Vision")),
        span=6,
        columns=[column(content.say(_("Indicators"))), column(content.say(_("Count")), "count")],
        rows=rows,
        notes=[],
    )


def rules_open(content: Content, overview: Overview) -> None:
    """Target rules that nobody can judge yet because they are still to be specified."""
    found = list(
        TargetRule.objects.filter(
            programme=overview.programme, kind=TargetRule.Kind.TO_BE_SPECIFIED, indicator__isnull=False
        ).select_related("indicator")[:PANEL_ROWS]
    )
    if not found:
        return
    items = [
        {
            "title": content.name(rule.indicator),
            "detail": content.say(_("the target is to be specified")),
            "status": {},
            "href": f"kpis/{rule.indicator_id}/",
        }
        for rule in found
        if rule.indicator
    ]
    content.add(
        "list", "rules-open", content.say(_("Targets to be specified")), span=6, items=items, more="kpis/"
    )

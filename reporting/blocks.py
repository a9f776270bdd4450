"""The blocks of the dashboard and of the status view: figures in, content out.

Each function adds one block to `content`. The dashboard shows some at once and the others as panels; a status
view freezes them all (`STATUS_VIEW`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from core.charts.spec import ChartSpec
from core.money import format_decimal
from measures.achieved import ACHIEVED
from measures.calculations import LEVELS, Difference, Figures, Levels
from measures.wording import LEVEL_WORDS, difference_words, unknown_word
from programme.models import Programme
from reporting import charts
from reporting.calculations import distance, share_of_target, year_to_date
from reporting.content import Cell, Content, Text, column, figure_cell, pair_cell, row, stages_cell, text_cell
from reporting.selectors import Overview
from reporting.words import LEVEL_HINTS, amount, month, own_word

Block = Callable[[Content, Overview], None]

#: Where the rows behind a level of certainty are: measures that have entries of it.
LEVEL_QUERY = {level: f"measures/?level={level}" for level in LEVELS}


def _level_source(level: str, query: str = "") -> str:
    return f"{LEVEL_QUERY[level]}{'&' + query if query else ''}"


def put_levels(
    content: Content, of: str, slice_ref: str, period: str, levels: Levels, what: Text, query: str = ""
) -> dict[str, str]:
    """Keeps each level of one quantity as a figure; references by level. `of` prefixes all but level changes."""
    refs = {}
    for level in LEVELS:
        name = f"{of}-{level}" if of else level
        label = {
            language: f"{word}: {what.get(language, '')}"
            for language, word in content.say(LEVEL_WORDS[level]).items()
        }
        refs[level] = content.money(
            f"{name}.{slice_ref}.{period}",
            getattr(levels, level),
            label,
            source=_level_source(level, query),
            unknown=content.say(unknown_word(level)),
        )
    return refs


# --- the answer ---------------------------------------------------------------------------------------


def quantity_name(content: Content, overview: Overview) -> Text:
    """What the target speaks of: the cost level of the final year, or the effect of the whole period."""
    programme = overview.programme
    if programme.basis == Programme.Basis.LEVEL_CHANGE:
        return content.say(_("cost level %(year)s"), year=overview.year)
    return content.say(
        _("effect %(start)s–%(end)s together"), start=programme.start_year, end=programme.end_year
    )


def answer(content: Content, overview: Overview) -> None:
    """Are we reaching the target: the forecast with the part in the base, and the distance to each target."""
    if not overview.has_target:
        no_target(content, overview)
        return
    target, year = overview.figures.target, overview.year
    new, base = overview.main.forecast, overview.base_of("forecast")
    total = None if new is None else new + (base or 0)
    what = quantity_name(content, overview)
    big = content.money(
        f"forecast-with-base.programme.{year}",
        total,
        content.say(_("Forecast")),
        source=_level_source("forecast"),
        unknown=content.say(_("no forecast has been entered")),
    )
    new_ref = content.money(
        f"forecast.programme.{year}",
        new,
        content.say(_("Forecast of new measures")),
        source=_level_source("forecast"),
    )
    base_ref = content.money(
        f"in-base-forecast.programme.{year}",
        base,
        content.say(_("Already in the comparison base")),
        source="savings/",
    )
    content.add(
        "answer",
        "answer",
        figure=big,
        what=what,
        verdict=_verdict(content, overview, total),
        sentences=_answer_sentences(content, overview, new=new, base=base),
        parts=[new_ref, base_ref] if base is not None else [new_ref],
        distances=_distances(content, overview, total),
        chart=content.charts(lambda: target_chart(overview)),
        target=content.money(
            f"stated.target.{year}",
            target.stated,
            content.say(_("Stated target")),
            source="savings/",
            unknown=content.say(_("not set")),
            trim=True,
        ),
    )


def _targets(overview: Overview) -> list[tuple[str, Promise, int]]:
    """The targets there are: scenario ends, and the stated one when it is none of them."""
    target = overview.figures.target
    found: list[tuple[str, Promise, int | None]] = []
    if target.cautious != target.full:
        found += [
            ("cautious", _("cautious target"), target.cautious),
            ("full", _("full target"), target.full),
        ]
    if target.stated != target.full or not found:
        stated = target.full if target.stated is None else target.stated
        found.append(("stated", _("stated target"), stated))
    return [(key, name, cents) for key, name, cents in found if cents is not None]


def _verdict(content: Content, overview: Overview, total: int | None) -> dict[str, object]:
    """Shape and words of the answer; no verdict without a forecast or a minus target."""
    found = [
        (key, result)
        for key, _name, cents in _targets(overview)
        if (result := distance(total, cents)) is not None
    ]
    if not found:
        return {"tone": "none", "text": content.say(_("Cannot be said yet: there is no forecast."))}
    reached = {key for key, result in found if result.reached}
    if len(reached) == len(found):
        return {"tone": "ok", "text": content.say(_("Yes, by the forecast the target is reached."))}
    if not reached:
        return {"tone": "bad", "text": content.say(_("No, by the forecast the target is not reached."))}
    return {
        "tone": "warn",
        "text": content.say(
            _("Partly: by the forecast the cautious target is reached, the full target is not.")
        ),
    }


def _answer_sentences(
    content: Content, overview: Overview, *, new: int | None, base: int | None
) -> list[Text]:
    target = overview.figures.target
    sentences = []
    stated = target.stated if target.stated is not None else target.full
    if stated is not None and target.in_base is not None:
        sentences.append(
            content.say(
                _("Target %(target)s, of which %(base)s was already in the comparison base."),
                target=amount(stated, trim=True),
                base=amount(target.in_base, trim=True),
            )
        )
    elif stated is not None:
        sentences.append(content.say(_("Target %(target)s."), target=amount(stated, trim=True)))
    if new is not None and base is not None:
        known = overview.figures.total.in_base.forecast is not None
        message = (
            _("Of the forecast %(new)s comes from new measures and %(base)s from the lines in the base.")
            if known
            else _(
                "Of the forecast %(new)s comes from new measures; %(base)s is the target in the base, "
                "of which nothing has been assessed yet."
            )
        )
        sentences.append(content.say(message, new=amount(new), base=amount(base)))
    sentences.append(
        content.say(
            _(
                "Forecast: closed months as confirmed or undecided, open months as the owners have entered them."
            )
        )
    )
    return sentences


def _distances(content: Content, overview: Overview, total: int | None) -> list[dict[str, object]]:
    """One line for each target: share and what is missing or to spare."""
    lines: list[dict[str, object]] = []
    for key, name, cents in _targets(overview):
        result, share = distance(total, cents), share_of_target(total, cents)
        if result is None or share is None:
            continue
        ref = content.money(
            f"{key}.target.{overview.year}", cents, content.say(name), source="savings/", trim=True
        )
        percent = (share * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
        missing = content.money(
            f"missing-{key}.target.{overview.year}", abs(result.missing), content.say(name)
        )
        lines.append(
            {
                "key": key,
                "label": content.say(name),
                "target": ref,
                "tone": "ok" if result.reached else "warn",
                "word": content.say(_("reached") if result.reached else _("not reached")),
                "share": content.say(
                    "%(percent)s %%", percent=lambda language, p=percent: format_decimal(p, language=language)
                ),
                "missing": missing,
                "text": content.say(
                    _("more than the target") if result.reached else _("short of the target")
                ),
            }
        )
    return lines


def target_chart(overview: Overview) -> ChartSpec:
    """How far confirmed, claimed, forecast and plan reach beside the target band, in the active language."""
    target = overview.figures.target
    rows = []
    for level in ("confirmed", "claimed"):
        cents, when = overview.achieved(level)
        name = str(LEVEL_WORDS[level])
        note = str(_("run rate of %(month)s") % {"month": month(when)}) if when else ""
        rows.append(charts.TargetRow(name, level, target.in_base, cents, LEVEL_QUERY[level], note))
    for level in ("forecast", "plan"):
        rows.append(
            charts.TargetRow(
                str(LEVEL_WORDS[level]),
                level,
                overview.base_of(level),
                getattr(overview.main, level),
                LEVEL_QUERY[level],
            )
        )
    return charts.target_chart(
        rows=rows,
        cautious=target.cautious,
        full=target.full,
        stated=target.stated,
        year=overview.year,
        unit="meur",
        ref=f"target.programme.{overview.year}",
    )


def no_target(content: Content, overview: Overview) -> None:
    """A programme without euro targets says so; it never shows zeros in their place."""
    content.add(
        "note",
        "no-target",
        tone="info",
        text=content.say(
            _(
                "This programme has no targets in euros. Its objectives and indicators tell how it is doing; "
                "figures of savings appear here when a target or a measure is entered."
            )
        ),
    )


# --- figures by level ---------------------------------------------------------------------------------


def figures_table(content: Content, overview: Overview) -> None:
    """Every quantity by level of certainty; the part in the base is a row of its own (R2)."""
    if not overview.figures.measures:
        return
    rows = quantity_rows(content, overview, overview.figures.total, "programme", "")
    rows.append(_in_base_row(content, overview))
    content.add(
        "table",
        "figures",
        content.say(_("Figures by level of certainty")),
        columns=_level_columns(content),
        rows=rows,
        notes=[
            content.say(
                _(
                    "What the comparison base already holds is not added to the new measures; it has a row of its own."
                )
            )
        ],
        scroll=True,
    )


def _level_columns(content: Content) -> list[dict[str, object]]:
    return [
        column(content.say(_("Quantity"))),
        *(column(content.say(LEVEL_WORDS[level]), "money") for level in LEVELS),
    ]


def quantity_rows(
    content: Content, overview: Overview, figures: Figures, slice_ref: str, query: str
) -> list[dict[str, object]]:
    """Level change, run rate, year to date and cumulative of one slice, each by its own name."""
    closed, year = overview.figures.closed_through, overview.year
    rows = [
        _levels_row(
            content,
            "",
            slice_ref,
            str(year),
            figures.level_change,
            query,
            content.say(_("Change in cost level %(year)s"), year=year),
            content.say(_("lasting effects of new measures")),
            strong=True,
        ),
        _levels_row(
            content,
            "run-rate",
            slice_ref,
            _period(figures.run_rate_months.confirmed or closed),
            figures.run_rate,
            query,
            content.say(_("Run rate")),
            _run_rate_hint(content, figures),
            without=("undecided", "refused"),
        ),
    ]
    if slice_ref == "programme":
        through = closed or overview.as_of
        rows.append(
            _levels_row(
                content,
                "year-to-date",
                slice_ref,
                _period(through),
                _to_date(overview, through),
                query,
                content.say(_("Year %(year)s to date"), year=through.year),
                content.say(_("January to %(month)s, lasting and one-off"), month=month(through)),
            )
        )
    rows.append(
        _levels_row(
            content,
            "cumulative",
            slice_ref,
            _period(overview.as_of),
            figures.cumulative,
            query,
            content.say(_("Cumulative")),
            content.say(_("all months to %(month)s, lasting and one-off"), month=month(overview.as_of)),
        )
    )
    return rows


def _period(when: date | None) -> str:
    return f"{when.year}-{when.month:02d}" if when else "none"


def _levels_row(
    content: Content,
    of: str,
    slice_ref: str,
    period: str,
    levels: Levels,
    query: str,
    name: Text,
    hint: Text,
    *,
    strong: bool = False,
    without: Sequence[str] = (),
) -> dict[str, object]:
    refs = put_levels(content, of, slice_ref, period, levels, name, query)
    cells: list[Cell] = [text_cell(name, small=hint)]
    cells += [
        text_cell({})
        if level in without
        else figure_cell(refs[level], strong=strong and level == "forecast", level=level)
        for level in LEVELS
    ]
    return row(*cells)


def _run_rate_hint(content: Content, figures: Figures) -> Text:
    months = figures.run_rate_months
    if months.confirmed is None:
        return content.say(_("12 × the lasting effect of the latest closed month"))
    return content.say(
        _("12 × the lasting effect of a month: claimed %(claimed)s, confirmed %(confirmed)s"),
        claimed=month(months.claimed),
        confirmed=month(months.confirmed),
    )


def _to_date(overview: Overview, through: date) -> Levels:
    """Year to date from the programme's months; levels without a monthly series stay unknown."""
    months = overview.figures.months
    return Levels(**{level: year_to_date(months.get(level, ()), through=through) for level in LEVELS})


def _in_base_row(content: Content, overview: Overview) -> dict[str, object]:
    """Target as the table prints it when there are no lines; confirmation says "not assessed" (R2)."""
    levels, year = overview.figures.total.in_base, overview.year
    name = content.say(_("Already in the comparison base"))
    target = overview.figures.target.in_base
    cells: list[Cell] = [
        text_cell(
            name,
            small=content.say(_("target %(target)s"), target=amount(target, trim=True))
            if target is not None
            else content.say(_("no target of its own")),
        )
    ]
    for level in LEVELS:
        ref = content.money(
            f"in-base-{level}.programme.{year}",
            getattr(levels, level),
            name,
            source="measures/?in_base=1",
            unknown=content.say(_("not assessed")),
        )
        cells.append(figure_cell(ref, level=level))
    return row(*cells, apart=True)


# --- slices beside each other ---------------------------------------------------------------------------


def beside_cells(
    content: Content,
    overview: Overview,
    figures: Figures,
    slice_ref: str,
    name: Text,
    query: str,
    *levels: str,
) -> list[Cell]:
    """Plan and forecast as the target speaks of them; claims and confirmed as reached so far (R8)."""
    cells = []
    for level in levels:
        if level in ACHIEVED:
            cents, when = overview.achieved(level, figures)
            ref = (
                f"run-rate-{level}.{slice_ref}.{_period(when)}"
                if when
                else f"{level}.{slice_ref}.{overview.year}"
            )
        else:
            cents, ref = getattr(overview.main_levels(figures), level), f"{level}.{slice_ref}.{overview.year}"
        content.money(
            ref, cents, name, source=_level_source(level, query), unknown=content.say(unknown_word(level))
        )
        cells.append(figure_cell(ref, strong=level == "forecast"))
    return cells


def beside_columns(content: Content, overview: Overview, *levels: str) -> list[dict[str, object]]:
    """Headings of `beside_cells`; a run rate names its month."""
    columns = []
    for level in levels:
        when = overview.achieved(level)[1] if level in ACHIEVED else None
        small = content.say(_("run rate %(month)s"), month=month(when)) if when else None
        columns.append(column(content.say(LEVEL_WORDS[level]), "money", small))
    return columns


# --- themes -------------------------------------------------------------------------------------------


THEME_LEVELS = ("plan", "forecast", "confirmed")


def themes_table(content: Content, overview: Overview) -> None:
    """Count, stages, plan, forecast and confirmed of each theme, and whether it has an owner."""
    figures, year = overview.figures, overview.year
    if not overview.themes:
        return
    rows = []
    for theme in overview.themes:
        counts = figures.stage_counts_by_theme.get(theme.pk, {})
        query = f"theme={theme.key}"
        slice_ref = f"theme-{theme.key}"
        name = content.name(theme)
        own = figures.by_theme.get(theme.pk, Figures())
        owner = (
            content.say(_("owner %(name)s"), name=str(theme.owner.get_full_name() or theme.owner))
            if theme.owner
            else content.say(_("owner missing"))
        )
        rows.append(
            row(
                text_cell(name, small=owner, href=f"themes/{theme.key}/", tone="" if theme.owner else "bad"),
                figure_cell(
                    content.count(
                        f"measures.{slice_ref}.{year}",
                        sum(counts.values()),
                        content.say(_("Measures")),
                        source=f"measures/?{query}",
                    )
                ),
                stages_cell(
                    (stage, own_word(content, overview.programme, f"stage.{stage}"), counts[stage])
                    for stage in overview.stage_order
                    if counts.get(stage)
                ),
                *beside_cells(content, overview, own, slice_ref, name, query, *THEME_LEVELS),
            )
        )
    rows.append(
        row(
            text_cell(content.say(_("Together")), small=_beside_base(content, overview)),
            figure_cell(
                content.count(
                    f"measures.programme.{year}",
                    figures.measures,
                    content.say(_("Measures")),
                    source="measures/",
                )
            ),
            text_cell({}),
            *beside_cells(
                content, overview, figures.total, "programme", content.say(_("Together")), "", *THEME_LEVELS
            ),
            total=True,
        )
    )
    content.add(
        "table",
        "themes",
        own_word(content, overview.programme, "themes"),
        small=quantity_name(content, overview),
        columns=[
            column(own_word(content, overview.programme, "theme"), small=content.say(_("and its owner"))),
            column(content.say(_("Measures")), "count"),
            column(content.say(_("Stages")), "stages"),
            *beside_columns(content, overview, *THEME_LEVELS),
        ],
        rows=rows,
        notes=[],
        scroll=True,
        sums=True,
    )


def _beside_base(content: Content, overview: Overview) -> Text:
    base = overview.figures.target.in_base
    if base is None:
        return {}
    return content.say(_("and in the comparison base %(base)s"), base=amount(base, trim=True))


# --- the target's ladder ------------------------------------------------------------------------------


def ladder_table(content: Content, overview: Overview) -> None:
    """stated target = in base + on active measures + released + never allocated (R9)."""
    ladder, year = overview.figures.ladder, overview.year
    if ladder.stated is None:
        return
    steps: list[tuple[str, Promise, Promise, int | None, str]] = [
        (
            "ladder-in-base",
            _("Already in the comparison base"),
            _("as the target table says"),
            ladder.in_base,
            "savings/",
        ),
        (
            "ladder-active",
            _("Carried by active measures"),
            _("targets of the measures"),
            ladder.active,
            "measures/?active=1",
        ),
        (
            "ladder-released",
            _("Released by withdrawn measures"),
            _("unallocated until a decision moves it"),
            ladder.released,
            "measures/?stage=withdrawn",
        ),
        (
            "ladder-never-allocated",
            _("Never allocated"),
            _("unallocated: no measure has carried it"),
            ladder.never_allocated,
            "savings/",
        ),
    ]
    rows = []
    for key, name, hint, cents, source in steps:
        ref = content.money(
            f"{key}.programme.{year}",
            cents,
            content.say(name),
            source=source,
            unknown=content.say(_("not known")),
            trim=True,
        )
        rows.append(row(text_cell(content.say(name), small=content.say(hint)), figure_cell(ref)))
    stated = content.money(
        f"stated.target.{year}", ladder.stated, content.say(_("Stated target")), source="savings/", trim=True
    )
    rows.append(row(text_cell(content.say(_("Stated target"))), figure_cell(stated, strong=True), total=True))
    unallocated = content.money(
        f"unallocated.programme.{year}",
        ladder.unallocated,
        content.say(_("Unallocated together")),
        source="measures/?stage=withdrawn",
        unknown=content.say(_("not known")),
        trim=True,
    )
    rows.append(
        row(
            text_cell(
                content.say(_("Unallocated together")), small=content.say(_("released and never allocated"))
            ),
            figure_cell(unallocated),
            apart=True,
        )
    )
    content.add(
        "table",
        "ladder",
        content.say(_("Where the target stands")),
        span=6,
        columns=[column(content.say(_("Part of the target"))), column(content.say(_("Amount")), "money")],
        rows=rows,
        notes=[],
        sums=True,
    )


# --- differences --------------------------------------------------------------------------------------


def differences_list(content: Content, overview: Overview) -> None:
    """Figures of the source that disagree, with the size of the difference; nobody forces them to agree."""
    items = []
    for found in overview.differences:
        title = _difference_part(content, found, "title")
        items.append(
            {
                "title": title,
                "detail": _difference_part(content, found, "detail"),
                "figures": _difference_part(content, found, "figures"),
                "href": "funding/" if found.code == "allocation_shares" else "savings/",
            }
        )
        if found.code == "allocation_shares":
            continue
        for end in ("cautious", "full"):
            if getattr(found, end) is not None:
                code = found.code.replace("_", "-")
                content.money(
                    f"difference-{code}.{end}.programme", getattr(found, end), title, source="savings/"
                )
    if items:
        content.add("list", "differences", content.say(_("Differences in the source")), span=6, items=items)


def _difference_part(content: Content, found: Difference, part: str) -> Text:
    return content.say("%(text)s", text=lambda _language: getattr(difference_words(found), part))


# --- the curve, the bridge, the stages ----------------------------------------------------------------


def curve(content: Content, overview: Overview) -> None:
    content.add(
        "chart",
        "curve",
        content.say(_("Run rate month by month")),
        span=7,
        small=content.say(_("lasting effect of a month × 12, new measures")),
        chart=content.charts(lambda: curve_chart(overview)),
    )


def _is_by(month: date, end: date | None) -> bool:
    return end is not None and month <= end


def curve_chart(overview: Overview) -> ChartSpec:
    figures = overview.figures
    target = figures.target.stated if figures.target.stated is not None else figures.target.full
    new_target = None if target is None else target - (figures.target.in_base or 0)
    shown = ("confirmed", "claimed", "forecast", "plan")
    # A month with undecided claims is not confirmed yet: the curve of confirmed ends before it (R8).
    ends = {"confirmed": figures.total.run_rate_months.confirmed, "claimed": figures.closed_through}
    months = {
        level: [
            (point.month, None if point.lasting is None else 12 * point.lasting)
            for point in figures.months.get(level, ())
            if level not in ends or _is_by(point.month, ends[level])
        ]
        for level in shown
    }
    return charts.run_rate_chart(
        months=months,
        names={level: str(LEVEL_WORDS[level]) for level in shown},
        target_cents=new_target,
        status=overview.as_of,
        unit="meur",
        ref=f"run-rate.programme.{_period(overview.as_of)}",
    )


def bridge(content: Content, overview: Overview) -> None:
    content.add(
        "chart",
        "bridge",
        content.say(_("Where the forecast comes from")),
        span=5,
        small=quantity_name(content, overview),
        chart=content.charts(lambda: bridge_chart(overview)),
    )


def bridge_chart(overview: Overview) -> ChartSpec:
    language = get_language() or "fi"
    steps = [
        (
            getattr(theme, f"name_{language[:2]}", "") or theme.name,
            overview.main_levels(overview.figures.by_theme.get(theme.pk, Figures())).forecast,
            f"themes/{theme.key}/",
        )
        for theme in overview.themes
    ]
    new, base = overview.main.forecast, overview.base_of("forecast")
    total = None if new is None else new + (base or 0)
    return charts.bridge_chart(
        base_cents=None if new is None else base,
        steps=steps,
        total_cents=total,
        year=overview.year,
        unit="meur",
        ref=f"bridge.programme.{overview.year}",
    )


def stages_table(content: Content, overview: Overview) -> None:
    """How many measures stand at each stage and what they hold."""
    stages, year = overview.figures.stages, overview.year
    rows = []
    for stage in overview.stage_order:
        found = stages.get(stage)
        if not found or not found.count:
            continue
        name = own_word(content, overview.programme, f"stage.{stage}")
        query = f"measures/?stage={stage}"
        slice_ref = f"stage-{stage.replace('_', '-')}"
        rows.append(
            row(
                text_cell(name),
                figure_cell(content.count(f"measures.{slice_ref}.{year}", found.count, name, source=query)),
                figure_cell(content.money(f"plan.{slice_ref}.{year}", found.plan, name, source=query)),
                figure_cell(
                    content.money(f"forecast.{slice_ref}.{year}", found.forecast, name, source=query)
                ),
            )
        )
    if not rows:
        content.add(
            "list", "stages", content.say(_("Stages")), span=6, items=[],
            empty=content.say(_("No measures yet: their stages appear here.")),
        )  # fmt: skip
        return
    content.add(
        "table",
        "stages",
        content.say(_("Stages")),
        span=6,
        small=quantity_name(content, overview),
        columns=[
            column(content.say(_("Stage"))),
            column(content.say(_("Measures")), "count"),
            column(content.say(LEVEL_WORDS["plan"]), "money"),
            column(content.say(LEVEL_WORDS["forecast"]), "money"),
        ],
        rows=rows,
        notes=[],
    )


# --- sectors and cost types ---------------------------------------------------------------------------


def both_ends(content: Content, overview: Overview) -> Text:
    """Names of the scenario ends in the order of the document: cautious … full."""
    ends = [own_word(content, overview.programme, end, capital=False) for end in ("cautious", "full")]
    return {language: f"{ends[0][language]} … {ends[1][language]}" for language in content.languages}


BESIDE = ("plan", "forecast", "claimed", "confirmed")


def cost_types_table(content: Content, overview: Overview) -> None:
    _matrix_table(content, overview, "cost-type")


def sectors_table(content: Content, overview: Overview) -> None:
    _matrix_table(content, overview, "sector")


def _matrix_table(content: Content, overview: Overview, kind: str) -> None:
    """Target pair as printed, and plan, forecast, claimed and confirmed beside it."""
    matrix, year = overview.matrix, overview.year
    by_sector = kind == "sector"
    lines = [*(matrix.sectors if by_sector else matrix.cost_types)]
    total = matrix.sector_total if by_sector else matrix.total
    if not lines:
        return
    rows = []
    for line in [*lines, total]:
        is_total = line is total
        key = line.row.key if line.row is not None else "together"
        name = content.name(line.row) if line.row is not None else content.say(_("Together"))
        query = f"{kind.replace('-', '_')}={key}" if line.row is not None else ""
        slice_ref = "programme" if is_total else f"{kind}-{key}"
        scope = f"{kind}s" if is_total else f"{kind}-{key}"
        pair = [
            content.money(
                f"target-{end}.{scope}.{year}",
                getattr(line.total, end),
                name,
                source="savings/",
                unknown=content.say(_("no figure in the source")),
            )
            for end in ("cautious", "full")
        ]
        href = f"sectors/{key}/" if by_sector and line.row is not None else ""
        rows.append(
            row(
                text_cell(name, href=href),
                pair_cell(*pair),
                *beside_cells(content, overview, line.achieved, slice_ref, name, query, *BESIDE),
                total=is_total,
            )
        )
    content.add(
        "table",
        f"{kind}s",
        own_word(content, overview.programme, kind.replace("-", "_") + "s"),
        small=quantity_name(content, overview),
        columns=[
            column(own_word(content, overview.programme, kind.replace("-", "_"))),
            column(content.say(_("Target")), "money", small=both_ends(content, overview)),
            *beside_columns(content, overview, *BESIDE),
        ],
        rows=rows,
        notes=[],
        scroll=True,
        sums=True,
    )


# --- beside the figures -------------------------------------------------------------------------------


def illustrative_note(content: Content, overview: Overview) -> None:
    """Says on every page and in every document that the measures are examples."""
    count = overview.illustrative_measures
    if not count:
        return
    content.add(
        "illustrative",
        "illustrative",
        count=count,
        text={
            language: text
            for language, text in content.say(
                "%(text)s",
                text=lambda _language: (
                    ngettext(
                        "%(count)s measure is an illustrative example. The targets are the programme's own.",
                        "%(count)s measures are illustrative examples. The targets are the programme's own.",
                        count,
                    )
                    % {"count": count}
                ),
            ).items()
        },
    )


def levels_explained(content: Content, overview: Overview) -> None:
    """What each level of certainty means, kept with the document."""
    content.add(
        "terms",
        "terms",
        content.say(_("Words of this page")),
        items=[
            {"term": content.say(LEVEL_WORDS[level]), "text": content.say(LEVEL_HINTS[level])}
            for level in LEVELS
        ],
    )

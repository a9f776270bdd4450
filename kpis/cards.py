"""The cards of the wall as HTML, written in one piece: a hundred of them by a template take twice the time.

Every text from the database goes through `conditional_escape` here, as a template would do it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from core.money import NBSP, format_decimal
from core.periods import format_date
from core.templatetags.ui import SHAPES, quantity, text, unit
from kpis.charts import wall_spark
from kpis.lateness import is_late
from kpis.models import Outcome
from kpis.selectors import Baseline, period_text
from kpis.sentences import Badge, outcome_badge, source_in_words
from kpis.wording import rule_in_words
from programme.models import Programme

#: A place among fewer than this says nothing.
RANKED_AMONG = 10
#: So many decimals are shown of a series where nobody has set them.
MOST_DECIMALS = 2


def figure(value: Decimal | None, decimals: int | None = None) -> str:
    """A figure with so many decimals, else with those it has."""
    if value is None or decimals is None:
        return quantity(value)
    return format_decimal(value, decimals=decimals)


def decimals_of(indicator: Any, values: Iterable[Decimal | str | None]) -> int:
    """So many decimals that 14 stands beside 14.3 as 14.0: the indicator's own, else what its values need."""
    if indicator.decimals is not None:
        return int(indicator.decimals)
    needed = (len(str(value).partition(".")[2].rstrip("0")) for value in values if value is not None)
    return min(max(needed, default=0), MOST_DECIMALS)


def decimals_shown(indicator: Any) -> int:
    """The same for an indicator with its `shown`: of everything that a summary keeps of the series."""
    shown = indicator.shown
    series = (value for row in shown.series for value in row[1:])
    return decimals_of(indicator, (shown.own, shown.before, shown.national, *series))


def starts_shown(
    indicator: Any, starts: Iterable[Baseline], places: int | None = None
) -> list[tuple[str, ...]]:
    """Starting points as they are shown: own value, that of the country ("" for none) and the year.

    `places` are the decimals of what stands beside them; without it, what the starting points need themselves.
    """
    rows = list(starts)
    if places is None:
        places = decimals_of(indicator, (value for row in rows for value in (row.own, row.national)))
    return [
        (figure(row.own, places), "" if row.national is None else figure(row.national, places), str(row.year))
        for row in rows
    ]


def write_table_rows(indicators: Iterable[Any]) -> None:
    """Gives each indicator `told`, the figures and the light of its row. Needs its `shown` and `baselines`."""
    for one in indicators:
        places = decimals_shown(one)
        one.told = {
            "own": "" if one.shown.own is None else figure(one.shown.own, places),
            "period": period_text(one.shown.latest_period) if one.shown.latest_period else "",
            "national": "" if one.shown.national is None else figure(one.shown.national, places),
            "badge": outcome_badge(one.shown.outcome),
            "starts": starts_shown(one, one.baselines, places),
        }


def plain(value: Decimal) -> Decimal:
    """Without the zeros that the column's scale adds."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


@dataclass(frozen=True)
class Words:
    """Words that every card repeats, in the active language, translated once."""

    badges: Mapping[str, Badge] = field(
        default_factory=lambda: {str(one): outcome_badge(one) for one in Outcome}
    )
    country: str = field(default_factory=lambda: _("whole country"))
    no_target: str = field(default_factory=lambda: _("no target"))
    no_value: str = field(default_factory=lambda: _("no value yet"))
    baseline_missing: str = field(default_factory=lambda: _("baseline missing"))
    late: str = field(default_factory=lambda: _("new value is late"))
    better: str = field(default_factory=lambda: _("better"))
    worse: str = field(default_factory=lambda: _("worse"))
    rose: str = field(default_factory=lambda: _("rose"))
    fell: str = field(default_factory=lambda: _("fell"))
    unchanged: str = field(default_factory=lambda: _("unchanged"))
    before: str = field(default_factory=lambda: _("before"))
    illustrative: str = field(default_factory=lambda: _("illustrative"))
    rank: str = field(default_factory=lambda: _("rank"))
    owner: str = field(default_factory=lambda: _("owner"))


def write_cards(
    programme: Programme, indicators: Iterable[Any], flags: Mapping[int, Sequence[Any]], *, today: date
) -> None:
    """Gives each indicator its `card`: everything a wall says of it. `flags` by indicator.

    Rows are those of `kpis.selectors.wall`, with `shown` and `wall_rules`. No queries.
    """
    words = Words()
    base = reverse("kpis:indicator_list", args=[programme.slug])
    for one in indicators:
        one.card = mark_safe(_card(one, flags.get(one.pk, ()), words, f"{base}{one.pk}/", today))


def _card(one: Any, flags: Sequence[Any], words: Words, url: str, today: date) -> str:
    shown, places = one.shown, decimals_shown(one)
    state = "none" if not shown.outcome else shown.outcome
    tags = ' <span class="tag tag--accent">HYTE</span>' if one.is_hyte else ""
    if shown.is_illustrative:
        tags += f' <span class="tag">{words.illustrative}</span>'
    if one.state != one.State.ACTIVE:
        tags += f' <span class="tag">{conditional_escape(one.get_state_display())}</span>'
    late = is_late(one, shown.latest_period, today)
    return (
        f'<li class="kpi-tile" data-kpi="{one.key}" data-state="{state}"{" data-late" if late else ""}>'
        f'<h3><a href="{url}">{conditional_escape(text(one))}</a>{tags}</h3>'
        f"{_value(one, words, places)}{wall_spark(shown.series, shown.target)}"
        f"<p>{_status(one, words)}</p>"
        f'<p class="sub">{" · ".join(_details(one, words, places))}</p>'
        f"{_marks(flags, words, late=late)}</li>"
    )


def _value(one: Any, words: Words, places: int) -> str:
    shown = one.shown
    if shown.own is None:
        missing = shown.outcome == Outcome.BASELINE_MISSING or one.needs_baseline
        return f'<p class="kpi-tile__value">{words.baseline_missing if missing else words.no_value}</p>'
    name = unit(one.unit)
    tail = f'<span class="figure__unit">{NBSP}{conditional_escape(name)}</span>' if name else ""
    return (
        f'<p class="kpi-tile__value">{figure(shown.own, places)}{tail} '
        f'<span class="figure__unit">{period_text(shown.latest_period)}</span></p>{change_of(one, words, places)}'
    )


def change_of(one: Any, words: Words | None = None, places: int | None = None) -> str:
    """Where the value went since the one before: an arrow and a word, better or worse when a direction is known.

    Safe markup of one paragraph; empty without a value before.
    """
    own, before = one.shown.own, one.shown.before
    if before is None or own is None:
        return ""
    words = words or Words()
    if own == before:
        arrow, word = "→", words.unchanged
    else:
        up = own > before
        arrow = "↑" if up else "↓"
        if one.better:
            word = words.better if up == (one.better == "up") else words.worse
        else:
            word = words.rose if up else words.fell
    return mark_safe(
        f'<p class="sub"><span aria-hidden="true">{arrow}</span> {word}, {words.before} '
        f"{figure(before, decimals_shown(one) if places is None else places)}</p>"
    )


def _status(one: Any, words: Words) -> str:
    """The light with its shape and word; an indicator without a target has neither."""
    said = " · ".join(conditional_escape(rule_in_words(rule)) for rule in one.wall_rules)
    outcome = one.shown.outcome
    if not outcome:
        return f'<span class="sub">{said or words.no_target}</span>'
    badge = words.badges[outcome]
    light = (
        f'<span class="status status--{badge.kind}"><span class="status__shape" aria-hidden="true">'
        f"{SHAPES[badge.kind]}</span>{badge.word}</span>"
    )
    return f'{light}<span class="sub">{said}</span>' if said else light


def _details(one: Any, words: Words, places: int) -> list[str]:
    shown, found = one.shown, []
    if shown.national is not None:
        year = f" ({shown.national_year})" if shown.national_year else ""
        found.append(f"{words.country}{NBSP}{figure(shown.national, places)}{year}")
    if shown.rank and shown.rank_of >= RANKED_AMONG:
        found.append(f"{words.rank} {shown.rank}/{shown.rank_of}")
    if shown.own is not None:
        found.append(conditional_escape(age_text(shown)))
    if one.owner is not None:
        found.append(f"{words.owner} {conditional_escape(str(one.owner))}")
    return found


def _marks(flags: Sequence[Any], words: Words, *, late: bool) -> str:
    found = [("info", words.late)] if late else []
    found += [(flag.kind, flag.words) for flag in flags]
    return "".join(
        f'<p class="status status--{kind}"><span class="status__shape" aria-hidden="true">{SHAPES[kind]}</span>'
        f"{conditional_escape(said)}</p>"
        for kind, said in found
    )


def age_text(shown: Any) -> str:
    """Of what period the latest own value is, and how it came here: fetched when, by hand, from the document."""
    return aged(shown.latest_period, shown.source, shown.fetched_at, is_illustrative=shown.is_illustrative)


def aged(period: str, source: str, fetched_at: datetime | None, *, is_illustrative: bool = False) -> str:
    """`period` as in a summary. The moment of fetching is told as a local day."""
    told = {"period": period_text(period), "source": source_in_words(source), "day": ""}
    if fetched_at is not None:
        told["day"] = format_date(timezone.localdate(fetched_at))
    if is_illustrative:
        return _("illustrative value of %(period)s") % told
    if source == "programme file":
        return _("from %(period)s, in the programme document") % told
    if source == "bundled":
        return _("from %(period)s, came with the portal, recorded %(day)s") % told
    if told["day"]:
        return _("from %(period)s, fetched %(day)s") % told
    return (_("from %(period)s, source: %(source)s") if source else _("from %(period)s")) % told

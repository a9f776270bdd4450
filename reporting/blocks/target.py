"""The answer: are we reaching the target, by how much, and what it is made of."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.money import DASH, format_decimal
from reporting.blocks.charts import target_chart
from reporting.blocks.levels import level_source, quantity_name
from reporting.blocks.probability import probability
from reporting.calculations import distance, share_of_target
from reporting.content import Content, Text
from reporting.selectors import Overview
from reporting.words import amount


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
        source=level_source("forecast"),
        unknown=content.say(_("no forecast has been entered")),
    )
    new_ref = content.money(
        f"forecast.programme.{year}",
        new,
        content.say(_("Forecast of new measures")),
        source=level_source("forecast"),
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
        probability=probability(content, overview, base),
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
    if not found and total is not None and _targets(overview):
        text = _("The target is no saving: the forecast stands beside it in euros, without a percentage.")
        return {"tone": "none", "text": content.say(text)}
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
        if total is not None and cents >= 0:
            lines.append(_without_share(content, overview, key, name, cents, total))
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


def _without_share(
    content: Content, overview: Overview, key: str, name: Promise, target: int, total: int
) -> dict[str, object]:
    """A plus or zero target: euros and a dash, no verdict (R16)."""
    label = content.say(name)
    return {
        "key": key,
        "label": label,
        "target": content.money(f"{key}.target.{overview.year}", target, label, source="savings/", trim=True),
        "tone": "none",
        "word": content.say(_("no percentage")),
        "share": content.say(DASH),
        "missing": content.money(f"missing-{key}.target.{overview.year}", abs(total - target), label),
        "text": content.say(
            _("less cost than the target") if total <= target else _("more cost than the target")
        ),
    }


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

"""How figures of savings are said: levels, words beside amounts, differences of the source. Active language."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.money import DASH, NBSP, SHIFT, Pair, Unit, format_decimal, format_eur, sign_word
from measures.calculations import Difference, Levels, standing

#: Levels of certainty in printing order, as headings.
LEVEL_WORDS: dict[str, Promise] = {
    "plan": _("Plan"),
    "plan_approved": _("Approved plan"),
    "forecast": _("Forecast"),
    "claimed": _("Claimed"),
    "confirmed": _("Confirmed"),
    "undecided": _("Undecided"),
    "refused": _("Refused"),
}


#: How a forecast stands to a plan or target that is no saving (R16): never a share, never a success.
STANDING_WORDS: dict[str, Promise] = {
    "investment_below": _("investment below plan"),
    "investment_above": _("investment above plan"),
    "investment_as_planned": _("investment as planned"),
    "zero": _("planned as no change in cost"),
}


def standing_word(levels: Levels) -> str | Promise:
    """How the forecast of an investment stands to its plan; empty for savings and unknowns."""
    code = standing(levels.plan, levels.forecast)
    return STANDING_WORDS[code] if code.startswith("investment") else ""


def unknown_word(level: str) -> Promise:
    """Why there is no amount on a level: nobody has entered it, or the books are awaited."""
    if level in ("confirmed", "undecided", "refused"):
        return _("waiting for the books")
    return _("no entries")


@dataclass(frozen=True)
class Shown:
    """One amount ready to print: number, the word of its sign or why it is missing, link to the rows behind."""

    number: str
    word: str = ""
    label: str = ""
    href: str = ""


def shown(
    cents: int | None,
    unit: Unit,
    *,
    unknown: str | Promise = "",
    label: str = "",
    href: str = "",
    trim: bool = False,
) -> Shown:
    """The amount with a word beside its sign; a dash with a word when it is unknown."""
    if cents is None:
        return Shown(DASH, str(unknown), label)
    return Shown(format_eur(cents, unit=unit, trim=trim), str(sign_word(cents)), label, href)


def shown_pair(
    pair: Pair, unit: Unit, *, unknown: str | Promise = "", label: str = "", href: str = ""
) -> Shown:
    """A scenario pair as the programme prints it, −28…−89, with the words of its signs."""
    if not pair:
        return Shown(DASH, str(unknown), label)
    words = dict.fromkeys(str(sign_word(end)) for end in (pair.cautious, pair.full) if end is not None)
    return Shown(pair_text(pair, unit), " … ".join(words), label, href)


def pair_text(pair: Pair, unit: Unit, *, with_unit: bool = False) -> str:
    """−0,2…−0,4: no more decimals than the ends need. A pair with one end only is that end."""
    ends = [end for end in (pair.cautious, pair.full) if end is not None]
    decimals = next(
        (places for places in range(2) if all(end % 10 ** (SHIFT[unit] - places) == 0 for end in ends)), None
    )
    if len(ends) == 1:
        return format_eur(ends[0], unit=unit, decimals=decimals, with_unit=with_unit)
    return pair.format(unit=unit, decimals=decimals, with_unit=with_unit)


def shown_levels(levels: Levels, unit: Unit, names: tuple[str, ...], *, href: str = "") -> list[Shown]:
    """The levels named, in that order; `href` with {level} leads to the rows behind."""
    words = _words_of_levels(get_language() or "fi")
    return [
        shown(
            getattr(levels, name), unit, unknown=words[name][1], label=words[name][0],
            href=href.format(level=name) if href else "",
        )
        for name in names
    ]  # fmt: skip


@cache
def _words_of_levels(language: str) -> dict[str, tuple[str, str]]:
    """Name and word for the unknown of each level in the active language, translated once."""
    return {name: (str(label), str(unknown_word(name))) for name, label in LEVEL_WORDS.items()}


# --- differences of the source -----------------------------------------------------------------------------


#: Differences in hundredths of a per cent.
SHARES = ("allocation_shares", "final_shares")


@dataclass(frozen=True)
class DifferenceWords:
    """One difference in words: what disagrees, the figures with the size, and why both are shown."""

    title: str
    figures: str
    detail: str


_TITLES: dict[str, Promise] = {
    "by_cost_type_by_sector": _("Targets by cost type and by sector"),
    "composition": _("Parts of the target and the stated target"),
    "annual": _("Savings target of %(year)s and savings in the comparison base"),
    "allocation_shares": _("Shares of the funding"),
    "by_cost_type_by_theme": _("Targets by cost type and by theme"),
    "by_cost_type_by_goal": _("Targets by cost type and by goal"),
    "table_stated": _("Full end of the target table and the stated target"),
    "column_base": _("Cost types and the printed total: in the comparison base"),
    "column_later": _("Cost types and the printed total: to come"),
    "column_total": _("Cost types and the printed total: together"),
    "base_and_later": _("In the comparison base and to come, against the total"),
    "final_shares": _("Final shares of the funding"),
    "ladder": _("Stated target and the rungs of its ladder"),
    "carried": _("Stated target and what measures carry"),
    "measures_by_theme": _("Targets of themes and of their measures"),
    "measures_by_goal": _("Targets of goals and of their measures"),
    "in_base_lines": _("In the comparison base: target table and measures"),
    "bases": _("Two bases: the cost level and the deficit to cover"),
}
_DETAILS: dict[str, Promise] = {
    "by_cost_type_by_sector": _(
        "The source gives the same target twice and the sums differ. Both are shown as printed."
    ),
    "composition": _("The parts do not add up to the target that the programme uses."),
    "annual": _("The target of the year holds other savings too, which the target table does not count."),
    "allocation_shares": _("The preliminary shares do not come to 100 %. The final plan must."),
    "table_stated": _("Only the full end is meant to reach the stated target."),
    "carried": _("What no active measure carries is unallocated: released or never allocated."),
    "in_base_lines": _("Savings that the base already holds have lines of their own once they are assessed."),
    "bases": _(
        "A deficit is covered by the sum of the years, a cost level changes once. One basis is chosen for the"
        " programme; the other stands beside it."
    ),
}


def difference_words(found: Difference, unit: Unit = "meur") -> DifferenceWords:
    """The difference in the active language; shares are hundredths of a per cent, all else is money."""
    title = str(_TITLES.get(found.code, _("Two figures of the source"))) % dict(found.params)
    return DifferenceWords(title, _figures_of(found, unit), str(_DETAILS.get(found.code, "")))


def _figures_of(found: Difference, unit: Unit) -> str:
    if found.code in SHARES:
        return share_text(found.first)
    said = {
        "first": pair_text(Pair(*found.first), unit, with_unit=True),
        "second": pair_text(Pair(*found.second), unit, with_unit=True),
        "cautious": _size(found.cautious, unit),
        "full": _size(found.full, unit),
    }
    if found.cautious is None:
        return str(_("%(first)s against %(second)s: difference %(full)s")) % said
    return (
        str(
            _(
                "%(first)s against %(second)s: difference %(cautious)s in the cautious end, %(full)s in the full end"
            )
        )
        % said
    )


def _size(cents: int | None, unit: Unit) -> str:
    """Without its sign, one decimal is enough for M€: 12,2 M€."""
    if cents is None:
        return DASH
    return format_eur(
        abs(cents), unit=unit, decimals=1 if unit == "meur" else None, sign=False, trim=True, with_unit=True
    )


def share_text(ends: tuple[int | None, int | None]) -> str:
    """90–110 %, from hundredths of a per cent; one end only is that end."""
    told = list(dict.fromkeys(_per_cent(end) for end in ends if end is not None))
    return f"{'–'.join(told)}{NBSP}%" if told else DASH


def _per_cent(hundredths: int | None) -> str:
    if hundredths is None:
        return DASH
    return format_decimal((Decimal(hundredths) / 100).normalize(), language=get_language())

"""The bridge from the comparison base to the ledger."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.charts import ChartSpec, Series
from core.money import Unit, format_eur
from measures.reconciliation import Reconciliation

#: Terms between base and ledger in the order of R10, as headings.
STEPS: dict[str, Promise] = {
    "transfers": gettext_lazy("Base transfers"),
    "drivers": gettext_lazy("Cost drivers"),
    "in_base_shortfall": gettext_lazy("In the base, not reached"),
    "confirmed_new": gettext_lazy("Confirmed new"),
    "unexplained": gettext_lazy("Unexplained"),
}


def bridge(row: Reconciliation, *, place: str, unit: Unit, ref: str, links: Mapping[str, str]) -> ChartSpec:
    """What moves the costs from the base to the ledger; the base is the zero line, or the steps would not be seen.

    `links` lead from a term to its rows. While the ledger is awaited the bridge ends with what is expected.
    """
    steps = [(key, str(label), getattr(row, key)) for key, label in STEPS.items()]
    known = [(key, label, cents) for key, label, cents in steps if cents is not None]
    awaited = row.ledger is None
    last = _("Expected against the base") if awaited else _("Ledger against the base")
    end = (row.expected if row.ledger is None else row.ledger) - row.base
    names = (*(label for _key, label, _cents in known), last)
    told = [f"{label} {_said(cents)}" for _key, label, cents in known]
    beginning = _("Base %(base)s") % {"base": _said(row.base, sign=False)}
    ending = (
        _("waiting for the books")
        if row.ledger is None
        else _("ledger %(ledger)s") % {"ledger": _said(row.ledger, sign=False)}
    )
    return ChartSpec(
        kind="bridge",
        title=_("From the base to the ledger"),
        alt=f"{place}. {'; '.join([beginning, *told, ending])}.",
        series=(
            Series(
                name=_("Effect on costs"), x=names, y=(*(cents for _key, _label, cents in known), end),
                role="step", roles=(*("step" for _one in known), "total"),
                links=(*(links.get(key, "") for key, _label, _cents in known), ""),
            ),
        ),
        display=unit, x_heading=_("Term"), ref=ref,
        note=_("The zero line is the base, %(base)s.") % {"base": _said(row.base, sign=False)},
    )  # fmt: skip


def _said(cents: int, *, sign: bool = True) -> str:
    """In whole euros: "32 099 1 000 €" reads badly in a sentence."""
    return format_eur(cents, decimals=0, sign=sign, with_unit=True)

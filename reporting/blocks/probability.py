"""The probability range beside the answer: figured before, never while the dashboard is waited for."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from measures.forecasting.results import Known, last_known, page_known
from measures.forecasting.showing import chance_text, ends_of
from programme.words import word
from reporting.content import Content, Text
from reporting.selectors import Overview


def probability(content: Content, overview: Overview, base: int | None) -> dict[str, Any] | None:
    """The range with the part in the base, the chances, and what is to be said of its age; None without one.

    A document (in several languages) is frozen with a range of its own data; a page shows the newest there is.
    """
    if overview.on is not None and overview.on != overview.programme.today():
        return None
    known = (page_known if len(content.languages) > 1 else last_known)(overview.programme)
    if known is None:
        return None
    refs = {
        key: content.money(
            f"{key}-with-base.programme.{overview.year}",
            getattr(known.result.outlook.main, key) + (base or 0),
            content.say(label),
            source="savings/forecast/",
        )
        for key, label in (
            ("p10", _("Strong outcome (P10)")),
            ("p50", _("Middle outcome (P50)")),
            ("p90", _("Weak outcome (P90)")),
        )
    }
    return {
        **refs,
        "chances": _chances(content, overview, known),
        "is_present": known.is_present,
        "age": content.say(
            _("Figured %(time)s; something has changed since."),
            time=lambda _language: date_format(
                localtime(known.result.figured_at), "SHORT_DATETIME_FORMAT", use_l10n=True
            ),
        ),
        "href": "savings/forecast/",
    }


def _chances(content: Content, overview: Overview, known: Known) -> list[Text]:
    """Each target with its chance."""
    found = []
    for end in ends_of(known.result.target):
        chance = known.result.outlook.chances[end]
        if chance is None:
            continue
        name = _("stated target") if end == "stated" else None
        found.append(
            content.say(
                "%(name)s %(chance)s",
                name=lambda _language, end=end, name=name: str(name or word(overview.programme, end)),
                chance=lambda _language, chance=chance: chance_text(chance),
            )
        )
    return found

"""The line that says whose figures are shown: in the form Sotkanet asks for, with the producer and its terms."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import dateformat, translation
from django.utils.translation import gettext as _

from core.text import LANGUAGES
from kpis.models import CatalogueIndicator, SourceLink

#: Sotkanet's id of THL, whose own indicators are under CC BY 4.0; others have their producer's own terms.
THL = 2
SERVICE = "https://sotkanet.fi"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
#: How Sotkanet asks to be cited, language by language: fixed forms, so not for the catalogues of translation.
_CITED = {
    "fi": "Tilasto- ja indikaattoripankki Sotkanet. Terveyden ja hyvinvoinnin laitos. {what} (ind. {id}). "
    "Viitattu {day}.",
    "sv": "Statistik- och indikatorbanken Sotkanet. Institutet för hälsa och välfärd. {what} (ind. {id}). "
    "Hänvisning {day}.",
    "en": "Sotkanet Indicator Bank. Finnish Institute for Health and Welfare. {what} (ind. {id}). Referenced on {day}.",
}


@dataclass(frozen=True)
class Credit:
    """Whose figures these are. `text` is the line, `terms` under what they may be used, `url` where they stand."""

    text: str
    terms: str = ""
    url: str = ""
    terms_url: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.text, self.terms) if part)


def licence_words(row: CatalogueIndicator | None) -> str:
    """Under what terms the indicator's figures may be used; empty when its producer is not known."""
    if row is None or row.organisation_id is None:
        return ""
    if row.organisation_id == THL:
        return _("Licence: CC BY 4.0.")
    return _("Terms of the producer: %(producer)s.") % {"producer": row.organisation}


def person_page(number: int) -> str:
    """Sotkanet's own page about the indicator, for people, in the reader's language."""
    return f"{SERVICE}/sotkanet/{_language()}/metadata/indicators/{number}"


def credit(
    link: SourceLink, day: dt.date, row: CatalogueIndicator | None = None, *, is_looked_up: bool = False
) -> Credit:
    """The line for a link's figures as read on `day`, in the active language.

    `row` saves the query when the page has the catalogue's row at hand; `is_looked_up` says that it has looked in
    vain. A derived source names the sources of its inputs and says that we combined them, as the licence asks.
    """
    if link.kind == SourceLink.Kind.DERIVED:
        return _derived(link, day)
    if not link.sotkanet_id:
        return Credit(_("Source: %(source)s.") % {"source": link.name or link.get_kind_display()})
    if row is None and not is_looked_up:
        row = CatalogueIndicator.objects.filter(pk=link.sotkanet_id).first()
    terms = licence_words(row)
    return Credit(
        cited(link.sotkanet_id, row, link.name, day), terms, person_page(link.sotkanet_id),
        LICENCE if row is not None and row.organisation_id == THL else "",
    )  # fmt: skip


def cited(number: int, row: CatalogueIndicator | None, name: str, day: dt.date) -> str:
    """The citation alone. Without an official title it says so: our own label is not Sotkanet's title."""
    title = row.title if row is not None else ""
    what = title or name or _("title not read yet")
    if row is not None and row.organisation:
        what = f"{what} ({row.organisation})"
    return _CITED[_language()].format(what=what, id=number, day=_day(day))


def _derived(link: SourceLink, day: dt.date) -> Credit:
    inputs = link.inputs.select_related("indicator").prefetch_related("indicator__source_links")
    parts: list[Any] = []
    for one in inputs:
        sources = [
            credit(source, day) for source in one.indicator.source_links.all() if source.kind != link.kind
        ]
        parts += sources or [Credit(f"{one.indicator.name}.")]
    said = list(dict.fromkeys(str(part) for part in parts))
    combined = _("Combined by us from several figures; the producers have not checked the result.")
    return Credit(" ".join([combined, *said]), url=SERVICE)


def _language() -> str:
    wanted = (translation.get_language() or "fi")[:2]
    return wanted if wanted in LANGUAGES else "fi"


def _day(day: dt.date) -> str:
    if _language() == "en":
        with translation.override("en"):
            return dateformat.format(day, "j F Y")
    return f"{day.day}.{day.month}.{day.year}"

"""Words for Sotkanet's kinds of values (primaryValueType). The kind is not always the unit: the title says more."""

from __future__ import annotations

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

UNITS: dict[str, str | Promise] = {
    "PROS": "%",
    "PER1000": _("per 1,000 inhabitants"),
    "PER10000": _("per 10,000 inhabitants"),
    "PER100000": _("per 100,000 inhabitants"),
    "INDEKSI": _("index"),
    "LKM": _("number"),
    "EUR": "€",
}


def unit_words(value_type: str, *, language: str | None = None) -> str:
    """The unit in words, the code itself when it is not known; empty for none."""
    if language is None:
        return str(UNITS.get(value_type, value_type))
    with translation.override(language):
        return str(UNITS.get(value_type, value_type))

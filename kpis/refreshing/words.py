"""What became of an indicator in a run, in words; failures of the conversation itself have theirs in kpis.sotkanet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kpis.models import RefreshItem
from kpis.sotkanet import words

#: Code: what happened.
WORDS: dict[str, Any] = {
    "no_rows": _("The answer held no figures of the wanted regions, years and genders."),
    "no_own_rows": _("The answer held no figures of the own region."),
    "own_region_unknown": _("Sotkanet lists no region that the source takes as its own."),
    "elsewhere": _("Another run has just read it."),
    "bad_reading": _("The answer held figures that cannot be kept."),
    "unexpected": _("It failed for a reason nobody foresaw. The administrator finds it in the log."),
}
#: Code: what can be done.
ADVICE: dict[str, Any] = {
    "no_rows": _("See which regions and genders Sotkanet has of this indicator, and change the source."),
    "no_own_rows": _("The last values stay. See whether Sotkanet still gives figures of the region."),
    "own_region_unknown": _(
        "Choose the region of the source, or the programme's own region in the settings."
    ),
}
STATES: dict[str, Any] = {
    RefreshItem.State.WAITING: _("waiting"),
    RefreshItem.State.UNCHANGED: _("unchanged"),
    RefreshItem.State.UNJUDGED: _("new figures, not yet judged"),
    RefreshItem.State.STORED: _("new figures"),
    RefreshItem.State.FAILED: _("failed"),
    RefreshItem.State.RETRY: _("tried again later"),
}


def state_words(item: RefreshItem) -> Any:
    return STATES[item.state]


def told(code: str, params: Mapping[str, Any] | None = None) -> str:
    """One sentence in the active language: what happened."""
    return str(WORDS[code]) if code in WORDS else words.told(code, params)


def advice(code: str) -> str:
    """What can be done about it; empty where there is nothing to do."""
    if code in WORDS:
        return str(ADVICE.get(code, ""))
    return words.advice(code)

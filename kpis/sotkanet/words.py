"""What each failure means, and what an administrator can do about it: rendered on reading, never stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

#: Code: what happened, with the failure's params.
WORDS: dict[str, Any] = {
    "no_address": _("The address of Sotkanet (%(host)s) was not found."),
    "no_connection": _("Sotkanet (%(host)s) took no connection."),
    "connect_timeout": _("Sotkanet (%(host)s) took no connection in %(seconds)s seconds."),
    "read_timeout": _("Sotkanet was silent for %(seconds)s seconds."),
    "total_timeout": _("Sotkanet did not finish its answer in %(seconds)s seconds."),
    "tls": _("The connection to Sotkanet (%(host)s) is not trustworthy: %(reason)s."),
    "connection_cut": _("The connection to Sotkanet was cut in the middle of an answer."),
    "bad_http": _("Sotkanet's answer broke the rules of HTTP."),
    "old_protocol": _("The answer came in an outdated version of HTTP, which does not tell where it ends."),
    "bad_request": _("Sotkanet did not understand the question (400)."),
    "blocked": _("Sotkanet refused to talk to the portal (403)."),
    "not_found": _("Sotkanet does not know this indicator (404)."),
    "gone": _("Sotkanet has withdrawn this indicator (410)."),
    "too_many_requests": _("Sotkanet asked the portal to ask less often (429)."),
    "server_error": _("Sotkanet has an error of its own (%(status)s)."),
    "unexpected_status": _("Sotkanet answered with a status nobody expected (%(status)s)."),
    "redirected_away": _("Sotkanet sent the portal to another address (%(host)s), which it did not follow."),
    "redirect_loop": _("Sotkanet sent the portal from one address to the next without end."),
    "wrong_content_type": _("The answer was not figures but something else (%(found)s)."),
    "wrong_encoding": _("The answer was not in UTF-8."),
    "too_big": _("The answer was larger than %(megabytes)s MB."),
    "too_many_rows": _("The answer had more than %(rows)s rows."),
    "too_deep": _("The answer was nested without end."),
    "empty_answer": _("The answer was empty."),
    "broken_json": _("The answer was cut or broken (no valid JSON)."),
    "broken_csv": _("The answer was cut or broken (no valid CSV)."),
    "wrong_shape": _("The answer had another shape than it should (%(where)s: %(found)s)."),
    "missing_key": _("The answer lacked %(key)s."),
    "wrong_type": _("In the answer %(key)s was not what it should be: %(found)s."),
    "not_a_number": _("The answer held %(found)s in the place of a figure."),
    "out_of_range": _("In the answer %(key)s was beyond anything possible: %(found)s."),
    "duplicate_row": _("The answer had the same row twice."),
    "impossible_year": _("The answer had the year %(found)s."),
    "unknown_gender": _("The answer had an unknown gender: %(found)s."),
    "other_indicator": _("The answer was about indicator %(found)s, not %(asked)s."),
    "circuit_open": _("Sotkanet is left alone for a while after several failures."),
    "busy": _("Other work of the portal is talking to Sotkanet."),
}

_NETWORK = _(
    "The portal tries again by itself. If it goes on, see whether this machine may reach sotkanet.fi by HTTPS."
)
_LATER = _(
    "Nothing needs to be done: the portal tries again by itself, and shows the last values until then."
)
_TELL = _(
    "None of the answer was stored and the last values stay. If it goes on, Sotkanet may have changed: tell the "
    "portal's maintainers the code %(code)s."
)
_BASE = _("See whether SOTKANET_BASE_URL is right.")
_ID = _("See whether the number is right, or whether the indicator has a successor, and change the source.")

#: Code: what can be done; a code that is not here gets _TELL.
ADVICE: dict[str, Any] = {
    "no_address": _NETWORK, "no_connection": _NETWORK, "connect_timeout": _NETWORK,
    "read_timeout": _LATER, "total_timeout": _LATER, "connection_cut": _LATER, "server_error": _LATER,
    "too_many_requests": _LATER, "circuit_open": _LATER, "busy": _LATER,
    "tls": _("See whether this machine's clock is right and whether something on the way opens connections."),
    "blocked": _("See whether SOTKANET_CONTACT names somebody whom THL can reach, and ask THL why."),
    "not_found": _ID, "gone": _ID, "redirected_away": _BASE, "redirect_loop": _BASE,
}  # fmt: skip


def told(code: str, params: Mapping[str, Any] | None = None) -> str:
    """One sentence in the active language: what happened."""
    words = WORDS.get(code, _("Asking Sotkanet failed (%(code)s)."))
    return str(words) % _Filled({"code": code, **(params or {})})


def advice(code: str) -> str:
    """One or two sentences in the active language: what an administrator can do."""
    return str(ADVICE.get(code, _TELL)) % _Filled({"code": code})


class _Filled(dict[str, Any]):
    """Params of an older version may lack a name: a dash stands for it."""

    def __missing__(self, key: str) -> str:
        return "–"

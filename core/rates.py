"""How often one may ask: counters in the cache, and one exception that becomes a 429.

Without Redis nothing is counted and everybody may: a limit protects the machine, it is no right. Wrong
passwords are counted in the database instead (axes), because that limit must hold.
"""

import math
import time
from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from config import limits

log = structlog.get_logger(__name__)


class TooOften(Exception):
    """Asked too often; `wait` is how many seconds until the next try makes sense."""

    def __init__(self, wait: float) -> None:
        super().__init__(wait)
        self.wait = max(1, math.ceil(wait))


@dataclass(frozen=True)
class Rate:
    """At most so many in a window that begins with the first; both are names of config.limits."""

    name: str
    count: str
    seconds: str

    @property
    def window(self) -> int:
        """Whole seconds, the cache knows no shorter ones; 0 is no limit."""
        return math.ceil(getattr(limits, self.seconds))

    @property
    def allowed(self) -> int:
        return int(getattr(limits, self.count))


EXPORT = Rate("export", "EXPORTS", "EXPORT_SECONDS")
FEEDBACK = Rate("feedback", "FEEDBACK", "FEEDBACK_SECONDS")
CSP_REPORT = Rate("csp-report", "CSP_REPORTS", "CSP_REPORT_SECONDS")
SPRAY = Rate("sign-in", "SIGN_IN_SPRAY", "SIGN_IN_LOCK")
TOKENS = Rate("token", "TOKEN_FAILURES", "SIGN_IN_LOCK")


def spend(rate: Rate, who: Any) -> None:
    """Counts one for `who` (a person's id or an address); raises TooOften beyond the limit."""
    if not rate.window:
        return
    start = _start(rate, who)
    key = f"{_name(rate, who)}:{start}"
    cache.add(key, 0, rate.window + 1)
    try:
        used = cache.incr(key)
    except ValueError:  # the window ended between the two
        return
    if used > rate.allowed:
        log.warning("asked_too_often", rate=rate.name, who=str(who))
        raise TooOften(start / 1000 + rate.window - time.time())


def refuse_if_spent(rate: Rate, who: Any) -> None:
    """Raises TooOften when nothing is left, without counting."""
    if not rate.window:
        return
    start = _start(rate, who)
    if int(cache.get(f"{_name(rate, who)}:{start}", 0)) >= rate.allowed:
        raise TooOften(start / 1000 + rate.window - time.time())


def _name(rate: Rate, who: Any) -> str:
    return f"rate:{rate.name}:{who}"


def _start(rate: Rate, who: Any) -> int:
    """Milliseconds at which the running window began."""
    now = int(time.time() * 1000)
    begun = cache.get_or_set(_name(rate, who), now, rate.window)
    return int(begun or now)


def address_of(request: HttpRequest) -> str:
    """The address the request came from; of a trusted proxy, the one that the proxy saw."""
    trusted: int = settings.TRUSTED_PROXIES
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if trusted and len(seen) >= trusted:
        return seen[-trusted]
    return request.META.get("REMOTE_ADDR", "")

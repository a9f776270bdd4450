"""The client of Sotkanet's REST API.

What it asks and what it believes of the answers is in the record 68 (docs/adr). Everything it gives out has been
checked; whatever else may happen is a Failure with a code that has words (words.py).
"""

from __future__ import annotations

import hashlib
import random
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import TracebackType
from urllib.parse import urlencode, urljoin, urlsplit

from django.conf import settings
from django.utils import timezone

from config import limits
from kpis.sotkanet.failures import Failure, NotModified, ServiceFailure
from kpis.sotkanet.metadata import Details, Listed, RegionRow, details_of, listed_of, regions_of
from kpis.sotkanet.rows import DataRow, Wanted, rows_of_csv, rows_of_json
from kpis.sotkanet.turns import leave_alone, turn
from kpis.sotkanet.wire import Reply, Wire

SERVICE = "sotkanet"
PRODUCT = "productivity-portal/1.0"
REDIRECTS = 3
JSON = ("application/json",)
CSV = ("text/csv", "application/csv", "text/plain")


@dataclass(frozen=True, slots=True)
class Seen:
    """What the service said of an answer that we hold, to ask whether there is a newer one."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Raw:
    """The body of an answer as it came, and what was said about it."""

    body: bytes
    sha256: str
    fetched_at: datetime
    etag: str
    last_modified: str
    content_type: str = ""
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The wanted rows of an indicator, the hash and size (bytes) of the whole answer, and when it came."""

    rows: list[DataRow]
    sha256: str
    fetched_at: datetime
    size: int
    etag: str = ""
    last_modified: str = ""


class Sotkanet:
    """One conversation with the service; used by one thread, closed at its end.

    `pause` is the shortest time between two requests of all processes (0 only against one's own server), `wait`
    sleeps, `patience` is the longest wait on the service's word before the question is left for later.
    """

    def __init__(
        self,
        base_url: str | None = None,
        *,
        pause: float | None = None,
        wait: Callable[[float], object] = time.sleep,
        patience: float | None = None,
    ) -> None:
        self.base_url = (base_url or settings.SOTKANET_BASE_URL).rstrip("/")
        self.pause = limits.SOTKANET_PAUSE if pause is None else pause
        self.patience = limits.SOTKANET_PATIENCE if patience is None else patience
        self._wait, self._wire = wait, Wire()

    def __enter__(self) -> Sotkanet:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._wire.close()

    # ------------------------------------------------------------------------ questions
    def indicators(self) -> list[Listed]:
        """All indicators, by id."""
        return listed_of(self.raw("/indicators").body)

    def indicator(self, indicator_id: int, *, seen: Seen | None = None) -> Details:
        """All about one indicator. Raises NotModified when it is as it was `seen`."""
        raw = self.raw(f"/indicators/{int(indicator_id)}", seen=seen)
        return details_of(
            raw.body, indicator_id, etag=raw.etag, last_modified=raw.last_modified, sha256=raw.sha256
        )

    def regions(self) -> list[RegionRow]:
        """All regions, by id."""
        return regions_of(self.raw("/regions").body)

    def rows(
        self,
        indicator: int,
        years: Iterable[int],
        genders: Iterable[str],
        *,
        regions: Iterable[int] | None = None,
        as_csv: bool = False,
        seen: Seen | None = None,
    ) -> Answer:
        """The indicator's figures of those years and genders, of all regions or those whose ids are given.

        Sorted by region, year and gender; what Sotkanet does not know has no row. Raises NotModified like
        `indicator`.
        """
        wanted = Wanted(
            indicator, frozenset(years), frozenset(genders), None if regions is None else frozenset(regions)
        )
        if not wanted.years or not wanted.genders:
            raise ValueError("Sotkanet answers 400 to a question without years and genders.")
        asked = [
            ("indicator", indicator),
            *(("years", year) for year in sorted(wanted.years)),
            *(("genders", gender) for gender in sorted(wanted.genders)),
        ]
        raw = self.raw("/csv" if as_csv else "/json", asked, types=CSV if as_csv else JSON, seen=seen)
        read = rows_of_csv if as_csv else rows_of_json
        return Answer(
            read(raw.body, wanted), raw.sha256, raw.fetched_at, len(raw.body), raw.etag, raw.last_modified
        )

    # ------------------------------------------------------------------------ asking
    def raw(
        self,
        path: str,
        query: Sequence[tuple[str, object]] = (),
        *,
        types: Sequence[str] = JSON,
        seen: Seen | None = None,
    ) -> Raw:
        """The unread answer of an address under the base; tried again where that may help."""
        url = f"{self.base_url}{path}" + (f"?{urlencode(query)}" if query else "")
        for attempt in range(1, limits.SOTKANET_TRIES + 1):
            try:
                reply = self._asked(url, types, seen)
                break
            except ServiceFailure as failure:
                if not failure.again or attempt == limits.SOTKANET_TRIES:
                    raise self._final(failure) from failure
                self._before_next(failure, attempt)
        if reply.status == 304:
            raise NotModified
        return Raw(
            reply.body, hashlib.sha256(reply.body).hexdigest(), timezone.now(),
            *(reply.headers.get(name, "") for name in ("etag", "last-modified", "content-type", "content-encoding")),
        )  # fmt: skip

    def _asked(self, url: str, types: Sequence[str], seen: Seen | None) -> Reply:
        headers = {"User-Agent": user_agent(), "Accept": types[0], "Accept-Encoding": "gzip"}
        if seen and seen.etag:
            headers["If-None-Match"] = seen.etag
        if seen and seen.last_modified:
            headers["If-Modified-Since"] = seen.last_modified
        been = {url}
        for _hop in range(REDIRECTS + 1):
            with turn(SERVICE, pause=self.pause, wait=self._wait):
                reply = self._wire.get(url, {"Host": urlsplit(url).netloc, **headers})
                target = _redirect(reply, url)
                if target is None:
                    _check(reply, types, asked_before=seen is not None)
            if target is None:
                return reply
            if target in been:
                break
            been.add(target)
            url = target
        raise Failure("redirect_loop")

    def _before_next(self, failure: ServiceFailure, attempt: int) -> None:
        """Waits before another try, or gives up for now where the service asks for more than our patience."""
        if failure.wait is None:
            pause = limits.SOTKANET_BACKOFF * 2 ** (attempt - 1)
            self._wait(pause * (0.5 + random.random() / 2))
            return
        seconds = limits.scaled(failure.wait)
        if not 0 <= failure.wait <= limits.SOTKANET_RETRY_AFTER or seconds > self.patience:
            raise self._final(failure)
        leave_alone(SERVICE, seconds)
        self._wait(seconds)

    def _final(self, failure: ServiceFailure) -> ServiceFailure:
        """The failure with the time from which asking again makes sense."""
        if failure.is_passing:
            seconds = limits.SOTKANET_REST
            if failure.wait is not None and 0 <= failure.wait <= limits.SOTKANET_RETRY_AFTER:
                seconds = limits.scaled(failure.wait)
                leave_alone(SERVICE, seconds)
            failure.retry_at = timezone.now() + timedelta(seconds=seconds)
        return failure


def user_agent() -> str:
    """Who asks: the service refuses nameless programs and wants to know whom to write to."""
    contact = re.sub(r"[^\x21-\x27\x2a-\x7e]", "", settings.SOTKANET_CONTACT)
    return f"{PRODUCT} ({contact})" if contact else PRODUCT


# ---------------------------------------------------------------------------- answers
_PLAIN = {400: "bad_request", 404: "not_found", 410: "gone"}
_AGAIN = {429: "too_many_requests", 502: "server_error", 503: "server_error", 504: "server_error"}


def _check(reply: Reply, types: Sequence[str], *, asked_before: bool) -> None:
    """Raises a Failure unless the answer is a good one of the wanted type."""
    status = reply.status
    if status in _PLAIN:
        raise Failure(_PLAIN[status])
    if status == 403:
        raise ServiceFailure("blocked", is_passing=False)
    if status in _AGAIN:
        said = reply.headers.get("retry-after")
        wait = None if said is None else _seconds(said)
        raise ServiceFailure(_AGAIN[status], {"status": status}, again=True, wait=wait)
    if status >= 500:
        raise ServiceFailure("server_error", {"status": status})
    if status == 304 and asked_before:
        return
    if status != 200:
        raise ServiceFailure("unexpected_status", {"status": status}, is_passing=False)
    kind, _semicolon, rest = reply.headers.get("content-type", "").partition(";")
    if kind.strip().lower() not in types:
        raise ServiceFailure("wrong_content_type", {"found": kind.strip()[:60]}, is_passing=False)
    charset = re.search(r"charset\s*=\s*\"?([\w.:-]+)", rest, re.IGNORECASE)
    if charset and charset.group(1).lower() not in {"utf-8", "utf8"}:
        raise Failure("wrong_encoding")


#: Told for a Retry-After that nobody can obey: longer than any limit.
_NONSENSE = 10.0**9


def _seconds(said: str) -> float:
    """A Retry-After in seconds, whether it says a number or a moment; nonsense is longer than any limit."""
    said = said.strip()
    if re.fullmatch(r"\d{1,12}", said, re.ASCII):
        return float(said)
    try:
        moment = parsedate_to_datetime(said)
    except (ValueError, IndexError, TypeError, OverflowError):
        return _NONSENSE
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - timezone.now()).total_seconds())


def _redirect(reply: Reply, url: str) -> str | None:
    """The address on the same host that the answer sends us to. Raises Failure for any other."""
    if reply.status not in {301, 302, 303, 307, 308}:
        return None
    try:
        target = urljoin(url, reply.headers.get("location", ""))
        here, there = urlsplit(url), urlsplit(target)
        stays = (here.scheme, here.hostname, here.port) == (there.scheme, there.hostname, there.port)
    except ValueError:
        stays, there = False, urlsplit("")
    if not stays or there.username or not reply.headers.get("location"):
        raise Failure("redirected_away", {"host": (there.hostname or "")[:80]})
    return target

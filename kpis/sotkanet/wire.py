"""One request on the wire and its answer, bounded in time and size whatever the other end does.

httpcore keeps a time for each read, so that a byte each second would keep it busy for ever. The streams here
shorten every wait to what is left of the total and count what comes in.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import certifi
import httpcore
from httpcore import SOCKET_OPTION, NetworkBackend, NetworkStream, SyncBackend

from config import limits
from kpis.sotkanet.failures import ServiceFailure

#: Unpacked at a time; what a bomb may take beyond the cap.
_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, headers (names in lower case, the last of each) and the unpacked body of an answer."""

    status: int
    headers: dict[str, str]
    body: bytes


class Budget:
    """What is left of one request: seconds and bytes."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.ends = time.monotonic() + limits.SOTKANET_TOTAL
        self.bytes = limits.SOTKANET_MAX_BYTES + _PIECE  # headers have room beside the largest body

    def at_most(self, seconds: float | None) -> float:
        """The wait shortened to what is left; a failure when nothing is."""
        left = self.ends - time.monotonic()
        if left <= 0:
            seconds_of_life = round(limits.SOTKANET_TOTAL * limits.TIME_SCALE)
            raise ServiceFailure("total_timeout", {"seconds": seconds_of_life}, again=True)
        return left if seconds is None else min(seconds, left)

    def take(self, count: int) -> None:
        self.bytes -= count
        if self.bytes < 0:
            raise too_big()


def too_big() -> ServiceFailure:
    return ServiceFailure(
        "too_big", {"megabytes": limits.SOTKANET_MAX_BYTES // 1024**2}, is_passing=False, again=False
    )


class BoundedStream(NetworkStream):
    """A stream whose every wait fits in the budget."""

    def __init__(self, inner: NetworkStream, budget: Budget) -> None:
        self.inner, self.budget = inner, budget

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            data = self.inner.read(max_bytes, self.budget.at_most(timeout))
        except httpcore.ReadTimeout:
            self.budget.at_most(timeout)  # the total ended, when it was that which made the wait short
            raise
        self.budget.take(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.inner.write(buffer, self.budget.at_most(timeout))

    def close(self) -> None:
        self.inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> NetworkStream:
        inner = self.inner.start_tls(ssl_context, server_hostname, self.budget.at_most(timeout))
        return BoundedStream(inner, self.budget)

    def get_extra_info(self, info: str) -> Any:
        return self.inner.get_extra_info(info)


class BoundedBackend(NetworkBackend):
    """Opens connections within the budget: looking the name up and trying its addresses share the time."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self._inner = SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> NetworkStream:
        ends = time.monotonic() + self.budget.at_most(timeout)
        error: Exception = httpcore.ConnectTimeout()
        for address in _addresses(host, port, ends - time.monotonic()):
            left = ends - time.monotonic()
            if left <= 0:
                break
            try:
                stream = self._inner.connect_tcp(address, port, left, local_address, socket_options or [])
                return BoundedStream(stream, self.budget)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                error = failed
        raise error


def _addresses(host: str, port: int, seconds: float) -> list[str]:
    """The host's addresses. The system's resolver knows no time limit, so it is asked from a thread."""
    found: list[str] = []
    errors: list[OSError] = []

    def look_up() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            errors.append(error if isinstance(error, OSError) else OSError(str(error)))
        else:
            found.extend(dict.fromkeys(str(row[4][0]) for row in rows))

    thread = threading.Thread(target=look_up, name="sotkanet-name", daemon=True)
    thread.start()
    thread.join(seconds)
    if errors or not found:
        raise ServiceFailure("no_address", {"host": host})
    return found


class Wire:
    """Connections to one service. Used by one thread at a time."""

    def __init__(self) -> None:
        self._budget = Budget()
        self._pool: httpcore.ConnectionPool | None = None

    def close(self) -> None:
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def get(self, url: str, headers: dict[str, str]) -> Reply:
        """The answer to a GET, or a ServiceFailure; at most SOTKANET_TOTAL seconds and SOTKANET_MAX_BYTES."""
        self._budget.start()
        try:
            return self._exchange(url, headers)
        except BaseException as error:
            self.close()  # nothing of a broken exchange is left for the next one
            told = _told(error, url)
            if told is error:
                raise
            raise told from error

    def _exchange(self, url: str, headers: dict[str, str]) -> Reply:
        timeouts = {
            "connect": limits.SOTKANET_CONNECT, "read": limits.SOTKANET_READ, "write": limits.SOTKANET_READ,
            "pool": limits.SOTKANET_TOTAL,
        }  # fmt: skip
        pairs = [(name.encode(), value.encode("ascii", "replace")) for name, value in headers.items()]
        with self._open().stream("GET", url, headers=pairs, extensions={"timeout": timeouts}) as answer:
            if answer.extensions.get("http_version") != b"HTTP/1.1":
                raise ServiceFailure("old_protocol", is_passing=False)
            said = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
            if int(said.get("content-length") or 0) > limits.SOTKANET_MAX_BYTES:
                raise too_big()
            body = b"" if answer.status == 304 else _unpacked(answer.iter_stream(), said)
            return Reply(answer.status, said, body)

    def _open(self) -> httpcore.ConnectionPool:
        if self._pool is None:
            self._pool = httpcore.ConnectionPool(
                ssl_context=_trust(),
                max_connections=1,
                keepalive_expiry=limits.SOTKANET_READ,
                network_backend=BoundedBackend(self._budget),
            )
        return self._pool


def _trust() -> ssl.SSLContext:
    """Authorities of this machine, where a county may have added its own, and the well-known ones."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _unpacked(parts: Iterable[bytes], headers: dict[str, str]) -> bytes:
    """The body, unpacked piece by piece so that a bomb ends at the cap."""
    coding = headers.get("content-encoding", "identity").strip().lower() or "identity"
    if coding not in {"identity", "gzip", "x-gzip"}:
        raise ServiceFailure("bad_http", {"what": "content-encoding"}, is_passing=False)
    body = bytearray()
    for piece in parts if coding == "identity" else _gunzipped(parts):
        body += piece
        if len(body) > limits.SOTKANET_MAX_BYTES:
            raise too_big()
    return bytes(body)


def _gunzipped(parts: Iterable[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        for part in parts:
            while part:
                yield unpacker.decompress(part, _PIECE)
                part = unpacker.unconsumed_tail
        yield unpacker.flush()
    except zlib.error as error:
        raise ServiceFailure("connection_cut") from error
    if not unpacker.eof:
        raise ServiceFailure("connection_cut")


def _told(error: BaseException, url: str) -> BaseException:
    """What httpcore raised, in our words; what is no failure of the exchange stays as it is."""
    host = httpcore.URL(url).host.decode("ascii", "replace")
    if isinstance(error, httpcore.ConnectTimeout):
        seconds = round(limits.SOTKANET_CONNECT * limits.TIME_SCALE)
        return ServiceFailure("connect_timeout", {"host": host, "seconds": seconds}, again=True)
    if isinstance(error, httpcore.TimeoutException):
        seconds = round(limits.SOTKANET_READ * limits.TIME_SCALE)
        return ServiceFailure("read_timeout", {"seconds": seconds}, again=True)
    if isinstance(error, httpcore.ConnectError):
        if _is_tls(error):
            return ServiceFailure("tls", {"host": host, "reason": _why(error)})
        return ServiceFailure("no_connection", {"host": host})
    if isinstance(error, httpcore.RemoteProtocolError):
        cut = "without sending" in str(error) or "closed connection" in str(error)
        return ServiceFailure("connection_cut") if cut else ServiceFailure("bad_http", {"what": "http"})
    if isinstance(error, (httpcore.NetworkError, httpcore.ProtocolError)):
        return ServiceFailure("connection_cut")
    if isinstance(error, ValueError) and not isinstance(error, UnicodeEncodeError):
        return ServiceFailure("bad_http", {"what": "content-length"})
    return error


def _is_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _why(error: BaseException | None) -> str:
    """OpenSSL's words of what is wrong with the certificate, in English."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_message
        if isinstance(error, ssl.SSLError):
            return error.reason or "TLS"
        error = error.__cause__ or error.__context__
    return ""

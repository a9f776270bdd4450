"""What every test stands on: a real PostgreSQL and Redis, one database for each worker, a browser, a Celery worker.

Without DATABASE_URL and REDIS_URL the embedded servers are started in a data folder of the tests' own. The database
is migrated once and kept as a template under the fingerprint of the code that shapes it; each run clones it.
"""

import atexit
import gc
import hashlib
import ipaddress
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
#: Redis database of this process; 0 is left to whoever else uses the server.
REDIS_NUMBER = int(WORKER.removeprefix("gw")) + 2 if WORKER.startswith("gw") else 1
#: Names this run among others on the same server: the process that started it.
RUN = os.environ.setdefault("PORTAL_TEST_RUN", str(os.getpid()))
TEMPLATE = "test_portal_template"
#: Seconds after which what a test waits for is given up; a slow machine is no fault.
PATIENCE = 60

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
os.environ["PORTAL_QUEUE"] = f"test-{RUN}-{WORKER}"
for name in ("PORTAL_DEMO", "SENTRY_DSN", "EMAIL_URL"):
    os.environ.pop(name, None)


#: Where the embedded server is spoken to, if it is that.
SUPERUSER_OF: list[Path] = []


def _start_servers() -> None:
    """Points the environment at servers that are running, before the settings are read."""
    from config import embedded, env

    data = env.data_dir() / "test"
    if embedded.wanted():
        claim = embedded.use(data, fast=True)
        atexit.register(claim.release)
        os.environ["PORTAL_TEST_SOCKETS"] = str(embedded.socket_folder(data))
        os.environ.setdefault("DATABASE_URL", embedded.database_url(data, owner=True))
        os.environ.setdefault("REDIS_URL", embedded.redis_url(data))
    # Processes of xdist find the addresses in the environment and start nothing themselves.
    if "PORTAL_TEST_SOCKETS" in os.environ:
        SUPERUSER_OF.append(Path(os.environ["PORTAL_TEST_SOCKETS"]))
    os.environ["PORTAL_DATA_DIR"] = str(data / "files" / WORKER)
    base = os.environ["REDIS_URL"]
    os.environ["REDIS_URL"] = (
        f"{base.partition('?')[0]}?db={REDIS_NUMBER}"
        if base.startswith("unix:")
        else f"{base.rstrip('/').rpartition(':')[0]}:{base.rpartition(':')[2].partition('/')[0]}/{REDIS_NUMBER}"
    )


_start_servers()


def pytest_configure(config: pytest.Config) -> None:
    """Compiles the translations, and keeps the settings of xdist's workers unread until their environment is set.

    pytest-django reads the settings before any conftest where the environment names them: each worker would
    speak to the Redis database and the queue of the process that started it.
    """
    if WORKER == "main":
        compile_all(ROOT / "locale")
    if WORKER == "main" and config.getoption("numprocesses", None):
        os.environ.pop("DJANGO_SETTINGS_MODULE", None)


import django  # noqa: E402  the settings read the environment that was just set
from django.utils import translation  # noqa: E402

from config.embedded import postgres  # noqa: E402
from core.management.commands.messages import compile_all  # noqa: E402
from tests.emptying import Emptying, empty_by  # noqa: E402
from tests.policy import VIOLATIONS, watching  # noqa: E402

django.setup()


# ---------------------------------------------------------------------------- network
_connect, _connect_ex = socket.socket.connect, socket.socket.connect_ex


def _refuse_outside(address: Any) -> None:
    if not isinstance(address, tuple):
        return
    host = str(address[0])
    try:
        inside = ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        inside = host in {"localhost", ""}
    if not inside and "DATABASE_HOSTS" not in os.environ:
        raise RuntimeError(f"A test tried to reach {host}: tests speak to this machine only.")


def _guarded_connect(self: socket.socket, address: Any) -> Any:
    if self.family in {socket.AF_INET, socket.AF_INET6}:
        _refuse_outside(address)
    return _connect(self, address)


def _guarded_connect_ex(self: socket.socket, address: Any) -> Any:
    if self.family in {socket.AF_INET, socket.AF_INET6}:
        _refuse_outside(address)
    return _connect_ex(self, address)


@pytest.fixture(autouse=True, scope="session")
def _only_this_machine() -> Iterator[None]:
    """No test reaches the network outside the loopback range."""
    socket.socket.connect = _guarded_connect  # type: ignore[method-assign, assignment]
    socket.socket.connect_ex = _guarded_connect_ex  # type: ignore[method-assign, assignment]
    yield
    socket.socket.connect = _connect  # type: ignore[method-assign]
    socket.socket.connect_ex = _connect_ex  # type: ignore[method-assign]


# ---------------------------------------------------------------------------- database
def _fingerprint() -> str:
    """Changes whenever code changes that shapes the database: models, migrations, triggers, apps, libraries."""
    digest = hashlib.sha256()
    for app in sorted(path.parent for path in ROOT.glob("*/apps.py")):
        for path in sorted([*app.glob("*.py"), *app.glob("models/**/*.py"), *app.glob("migrations/*.py")]):
            if path.parent.name in {"models", "migrations"} or path.stem in {
                "models", "apps", "history", "triggers", "signals", "versions", "totals", "rights", "database",
            }:  # fmt: skip
                digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    for path in [ROOT / "requirements" / "run.txt", *sorted((ROOT / "config").glob("settings/*.py"))]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _build_template(cursor: Any, connection: Any, template: str) -> None:
    """Migrates a new template unless the one there was made by the same code. The advisory lock lets one do it."""
    fingerprint = _fingerprint()
    cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [template])
    try:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [template]
        )
        row = cursor.fetchone()
        if row and row[0] == fingerprint and os.environ.get("PORTAL_TEST_REBUILD") != "1":
            return
        original = connection.settings_dict["NAME"]
        connection.settings_dict["TEST"]["NAME"] = template
        try:
            connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        finally:
            connection.close()
            connection.settings_dict["NAME"] = original
        cursor.execute(f"COMMENT ON DATABASE \"{template}\" IS '{fingerprint}'")
        os.environ["PORTAL_TEST_REBUILD"] = "0"
    finally:
        cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [template])


def _drop(cursor: Any, name: str) -> None:
    """Ends the database's connections and takes it away.

    FORCE may not end a worker of autovacuum; without it PostgreSQL asks that worker to go and waits for it.
    """
    from django.db import ProgrammingError

    try:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    except ProgrammingError:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


def _drop_leftovers(cursor: Any) -> None:
    """Databases of runs that were killed."""
    cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_portal\\_run%%'")
    for (name,) in cursor.fetchall():
        pid = name.removeprefix("test_portal_run").partition("_")[0]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            _drop(cursor, name)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """A database of this process's own, cloned from the migrated template; replaces the one of pytest-django."""
    from django.conf import settings
    from django.core.cache import cache
    from django.db import connection

    name = f"test_portal_run{RUN}_{WORKER}"
    with django_db_blocker.unblock():
        with connection.creation._nodb_cursor() as cursor:
            _drop_leftovers(cursor)
            _build_template(cursor, connection, TEMPLATE)
            cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [TEMPLATE])
            try:
                _drop(cursor, name)
                cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"')
            finally:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [TEMPLATE])
        settings.DATABASES["default"]["NAME"] = name
        connection.settings_dict["NAME"] = name
    by_superuser = [
        Emptying(postgres.url(folder, role=postgres.SUPERUSER, database=name)) for folder in SUPERUSER_OF
    ]
    for emptying in by_superuser:
        empty_by(emptying)
    # The clone counts its ids and versions from the start again: figures cached by an earlier run would fit.
    cache.clear()
    yield
    for emptying in by_superuser:
        emptying.close()
    with django_db_blocker.unblock():
        from django.db import connections

        connections.close_all()
        with connection.creation._nodb_cursor() as cursor:
            _drop(cursor, name)


@pytest.fixture
def database_url(db: None) -> str:
    """The address of this process's test database, for programs that the test starts."""
    from urllib.parse import quote

    from django.db import connection

    values = connection.settings_dict
    user, password, host = (quote(values[key], safe="") for key in ("USER", "PASSWORD", "HOST"))
    place = f"@{host}" if not values["HOST"].startswith("/") else "@"
    if values["PORT"]:
        place += f":{values['PORT']}"
    query = f"?host={values['HOST']}" if values["HOST"].startswith("/") else ""
    return f"postgresql://{user}{':' + password if password else ''}{place}/{values['NAME']}{query}"


@pytest.fixture
def child_env(database_url: str) -> dict[str, str]:
    """The environment of a program that shares this process's test database, Redis and queue."""
    return os.environ | {"DATABASE_URL": database_url, "MIGRATE_DATABASE_URL": database_url}


# ---------------------------------------------------------------------------- language
@pytest.fixture(autouse=True)
def _finnish_again() -> Iterator[None]:
    """The language of a test's last request stays active in its thread: the next test starts in Finnish."""
    yield
    translation.deactivate()


# ---------------------------------------------------------------------------- golden example
@pytest.fixture
def golden(db: None) -> Any:
    """The golden example with its rows by name (tests/golden.py)."""
    from tests.golden import build_golden

    return build_golden()


@pytest.fixture
def golden_programme(golden: Any) -> Any:
    """Programme `esimerkki`."""
    return golden.programme


# ---------------------------------------------------------------------------- Celery worker
class CeleryWorker:
    """A real worker in processes of its own; a test may kill and start it again."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.environment, self.log = environment, log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when the worker takes tasks."""
        from config.celery import app

        name = f"{os.environ['PORTAL_QUEUE']}-{time.time_ns()}@localhost"
        command = [
            sys.executable, "-m", "celery", "-A", "config.celery", "worker", "--concurrency", "2", "--loglevel",
            "INFO", "--without-gossip", "--without-mingle", "-n", name,
        ]  # fmt: skip
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        end = time.monotonic() + PATIENCE
        while not app.control.ping(destination=[name], timeout=0.2):
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"The worker did not start:\n{self.log.read_text()[-3000:]}")

    def children(self) -> list[int]:
        """The processes of its pool."""
        assert self.process is not None
        pid = self.process.pid
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def kill(self) -> None:
        """kill -9 of the worker and its pool."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Nothing it does matters after the test: letting it finish would take some seconds each time."""
        if self.process is not None and self.process.poll() is None:
            self.kill()


@pytest.fixture
def worker(transactional_db: None, child_env: dict[str, str], tmp_path: Path) -> Iterator[CeleryWorker]:
    """A running Celery worker on this test's database and queue. Mark the test `worker`."""
    from config.celery import app

    app.control.purge()
    running = CeleryWorker(child_env, tmp_path / "worker.log")
    try:
        running.start()
        yield running
    finally:
        running.stop()


# ---------------------------------------------------------------------------- browser
CHROMIUM_FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--metrics-recording-only",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


def chromium_path() -> str | None:
    """The browser named by CHROMIUM, or the one installed."""
    given = os.environ.get("CHROMIUM")
    return given or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )


@pytest.fixture(autouse=True)
def _policy_is_kept() -> Iterator[None]:
    """A browser test fails when any of its pages did what the content security policy forbids."""
    VIOLATIONS.clear()
    yield
    assert VIOLATIONS == []


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One browser for the whole run of this process."""
    path = chromium_path()
    if path is None:
        reason = "No Chromium found: install it, or name it in CHROMIUM."
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE * 1000)

    # The browser's interface runs an event loop in this thread; Django would refuse the ORM beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    flags = [*CHROMIUM_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=flags)
        running.new_context = watching(running.new_context)
        yield running
        running.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


class Answering:
    """The application of the live server, and how many requests it is at."""

    def __init__(self, application: Any) -> None:
        self.application, self.requests, self.changed = application, 0, threading.Condition()

    def __call__(self, environ: Any, start_response: Any) -> Iterator[bytes]:
        self._count(1)
        try:
            answer = self.application(environ, start_response)
        except BaseException:
            self._count(-1)
            raise
        return self._told(answer)

    def _told(self, answer: Any) -> Iterator[bytes]:
        try:
            yield from answer
        finally:
            answer.close()
            self._count(-1)

    def _count(self, more: int) -> None:
        with self.changed:
            self.requests += more
            self.changed.notify_all()

    def wait(self) -> None:
        """Until every request has its answer."""
        with self.changed:
            assert self.changed.wait_for(lambda: not self.requests, PATIENCE), (
                "The live server still answers."
            )


@pytest.fixture
def answers(live_server: Any, transactional_db: None) -> Iterator[None]:
    """When the tab is closed its last requests end before the tables are emptied: the two would lock each other."""
    server = live_server.thread.httpd
    if not isinstance(server.get_app(), Answering):
        server.set_app(Answering(server.get_app()))
    yield
    server.get_app().wait()


@pytest.fixture
def context(browser: Any, live_server: Any, answers: None) -> Iterator[Any]:
    """A fresh browser profile in Finnish whose relative addresses lead to the test's own server."""
    made = browser.new_context(
        base_url=live_server.url, locale="fi-FI", timezone_id="Europe/Helsinki", reduced_motion="reduce"
    )
    made.set_default_timeout(PATIENCE * 1000)
    yield made
    made.close()


@pytest.fixture
def page(context: Any) -> Any:
    """One tab."""
    return context.new_page()


# ---------------------------------------------------------------------------- reports
@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[pytest.TestReport]:
    """Each line of the log is on stderr already: the copy that pytest keeps would show it twice."""
    report: pytest.TestReport = yield
    report.sections = [section for section in report.sections if not section[0].startswith("Captured log")]
    return report


# ---------------------------------------------------------------------------- order of the run
@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What is there by now stays for good: going through it again and again is a tenth of all the work."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests with a worker or a browser stay together in one process each: starting them is what costs."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        if "worker" in names or item.get_closest_marker("worker"):
            item.add_marker(pytest.mark.worker)
            item.add_marker(pytest.mark.xdist_group("worker"))
        elif "browser" in names or item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.browser)
            # A module whose tests take long names a group of its own: a browser there is worth a second process.
            if not item.get_closest_marker("xdist_group"):
                item.add_marker(pytest.mark.xdist_group("browser"))

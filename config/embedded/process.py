"""How the embedded servers are started: they die with their parent and never run as root."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
NOBODY = 65534


def set_parent_death_signal(number: int) -> None:
    """Asks the kernel to send this process the signal when the thread that started it ends. Linux only."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)


def die_with(parent: int | None) -> None:
    """Ends this process when the one that started it is killed, also when that happened before it could ask."""
    set_parent_death_signal(signal.SIGKILL)
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def user_namespace_allowed() -> bool:
    """Whether a child can become an ordinary user by a user namespace; tried in a throw-away child."""
    if sys.platform != "linux":
        return False
    pid = os.fork()
    if pid == 0:
        try:
            _enter_user_namespace()
            os._exit(0 if os.geteuid() == NOBODY else 1)
        except BaseException:  # noqa: BLE001  a forked child must never run on into its parent's code
            os._exit(1)
    return os.waitpid(pid, 0)[1] == 0


def _enter_user_namespace() -> None:
    """Maps root to nobody: the process is no longer uid 0 to itself, yet its files stay root's outside."""
    uid, gid = os.geteuid(), os.getegid()
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{NOBODY} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{NOBODY} {gid} 1")


def _become_nobody() -> None:
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


class Unprivileged:
    """Chooses once how a server that refuses root is started.

    An ordinary user starts it directly. Root uses a user namespace, or where these are forbidden the user
    nobody, who must then own the data folder and be able to reach the programs.
    """

    def __init__(self) -> None:
        self.is_root = hasattr(os, "geteuid") and os.geteuid() == 0
        self.namespace = (
            self.is_root and os.environ.get("PORTAL_NO_USERNS") != "1" and user_namespace_allowed()
        )

    @property
    def as_nobody(self) -> bool:
        """Whether files must be handed over to the user nobody."""
        return self.is_root and not self.namespace

    def own(self, folder: Path) -> None:
        """Hands the folder over when the server will run as nobody."""
        if not self.as_nobody:
            return
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)

    def before_exec(self, death_signal: int) -> Callable[[], None]:
        """What the child does between fork and exec: drop root, then die with the parent.

        The order matters: a change of user clears the parent-death signal.
        """
        parent = os.getpid()

        def prepare() -> None:
            os.setsid()
            if self.namespace:
                _enter_user_namespace()
            elif self.is_root:
                _become_nobody()
            set_parent_death_signal(death_signal)
            if os.getppid() != parent:
                os._exit(1)

        return prepare


def with_parent(death_signal: int) -> Callable[[], None]:
    """What an ordinary child does before exec: its own group, and the signal when its parent ends."""
    parent = os.getpid()

    def prepare() -> None:
        os.setsid()
        set_parent_death_signal(death_signal)
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def alive(pid: int) -> bool:
    """Whether a process with this id runs; a zombie does not count."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return True


def command_line(pid: int) -> str:
    """The arguments of a running process, empty where they cannot be read."""
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    done = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True)
    return done.stdout


def stop_process(pid: int, *numbers: signal.Signals, seconds: float = 10) -> None:
    """Sends the signals one after another, each with its share of the time, until the process is gone."""
    for number in numbers:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        end = time.monotonic() + seconds / len(numbers)
        while time.monotonic() < end:
            if not alive(pid):
                return
            time.sleep(0.02)

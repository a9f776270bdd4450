"""One life of the portal in a clone: start, stop, start, kill -9, start. Plain Python, no package of ours.

Run by run.sh with the clone as the argument; ends with exit code 1 at the first promise that is not kept.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

#: Widens every promise on a machine that is busy with other work; 1 is what is promised.
SLACK = float(os.environ.get("PORTAL_SYSTEM_SLACK", "1"))
FIRST_START = 180 * SLACK  # s, with an empty package cache
NEXT_START = 15 * SLACK  # s
STOP = 25 * SLACK  # s
VANISH = 15 * SLACK  # s until nothing is left after a kill

COUNTS = """
import json
from django.db import connection
with connection.cursor() as cursor:
    counts = {}
    for table in sorted(connection.introspection.table_names(cursor)):
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        counts[table] = cursor.fetchone()[0]
print(json.dumps(counts))
"""
#: What moves by itself while the portal runs.
RESTLESS = ("django_session", "django_celery_beat_", "core_job", "core_outbox", "core_changeslot")


class Broken(Exception):
    """A promise that was not kept."""


def say(text: str) -> None:
    print(f"   {text}", flush=True)


def ancestors(pid: int) -> set[int]:
    """The process and everyone it descends from."""
    line = set()
    while pid > 1:
        line.add(pid)
        pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return line


class Portal:
    """`make run` in a clone, as a person starts it in a terminal."""

    def __init__(self, clone: Path) -> None:
        self.clone = clone
        self.url = f"http://127.0.0.1:{os.environ['PORT']}"
        self.log = clone.parent / "run.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, limit: float) -> float:
        """Seconds until /healthz answered."""
        begun = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                ["make", "run"],
                cwd=self.clone,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        while not self.healthy():
            took = time.monotonic() - begun
            if self.process.poll() is not None:
                raise Broken(f"make run ended with {self.process.returncode}:\n{self.tail()}")
            if took > limit + 120:
                raise Broken(f"/healthz did not answer in {took:.0f} s:\n{self.tail()}")
            time.sleep(0.1)
        took = time.monotonic() - begun
        if took > limit:
            raise Broken(f"/healthz answered after {took:.1f} s; the promise is {limit} s.")
        while "The portal is at" not in self.tail(400):
            time.sleep(0.1)
        return took

    def healthy(self) -> bool:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"{self.url}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def ready(self) -> dict[str, str]:
        """What /readyz says once the worker has had time to come up."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        answer: dict[str, str] = {}
        for _ in range(60):
            with opener.open(f"{self.url}/readyz", timeout=10) as response:
                answer = json.load(response)
            if answer["status"] == "ok":
                break
            time.sleep(0.5)
        return answer

    def counts(self) -> dict[str, int]:
        """Rows of each table, asked through manage.py, which speaks to the running portal's servers."""
        done = subprocess.run(
            [".venv/bin/python", "manage.py", "shell", "-v", "0", "-c", COUNTS],
            cwd=self.clone, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        if done.returncode != 0:
            raise Broken(f"manage.py shell failed: {done.stderr[-2000:]}")
        counts: dict[str, int] = json.loads(done.stdout.strip().splitlines()[-1])
        return {name: number for name, number in counts.items() if not name.startswith(RESTLESS)}

    def stop(self, number: signal.Signals) -> float:
        """Seconds until everything has ended. SIGINT goes to the whole group, as Ctrl-C does."""
        assert self.process is not None
        begun = time.monotonic()
        if number == signal.SIGINT:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)
        self.process.wait(STOP + 60)
        self.nothing_left()
        took = time.monotonic() - begun
        if took > STOP:
            raise Broken(f"Stopping took {took:.1f} s.")
        return took

    def processes(self) -> dict[int, str]:
        """Everything alive that runs from the clone or works in it, but for this program and who started it."""
        found = {}
        mine = ancestors(os.getpid())
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) in mine:
                continue
            with contextlib.suppress(OSError):
                if (entry / "stat").read_text().rpartition(")")[2].split()[0] == "Z":
                    continue
                words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                places = [words]
                for link in ("exe", "cwd"):
                    with contextlib.suppress(OSError):
                        places.append(os.readlink(entry / link))
                if any(str(self.clone) in place for place in places):
                    found[int(entry.name)] = words[:120]
        return found

    def nothing_left(self) -> float:
        """Seconds until no process of the clone is alive."""
        begun = time.monotonic()
        while left := self.processes():
            if time.monotonic() - begun > VANISH:
                raise Broken("Stray processes: " + "; ".join(f"{pid} {words}" for pid, words in left.items()))
            time.sleep(0.1)
        return time.monotonic() - begun

    def supervisor(self) -> int:
        """The process that started web and worker."""
        return next(pid for pid, words in self.processes().items() if "config.supervisor" in words)

    def tail(self, characters: int = 3000) -> str:
        return self.log.read_text(errors="replace")[-characters:] if self.log.exists() else ""


def same(before: dict[str, int], after: dict[str, int], moment: str) -> None:
    changed = {name: (before.get(name), after.get(name)) for name in before.keys() | after.keys()}
    changed = {name: pair for name, pair in changed.items() if pair[0] != pair[1]}
    if changed:
        raise Broken(f"Rows {moment}: {changed}")


def live(portal: Portal) -> None:
    say(
        f"first start, nothing cached: /healthz after {portal.start(FIRST_START):6.1f} s (promise {FIRST_START:.0f})"
    )
    state = portal.ready()
    say(f"readyz: {state}")
    if state["status"] != "ok":
        raise Broken("The portal is not whole.")
    before = portal.counts()
    say(f"rows in {len(before)} tables: {sum(before.values())}")
    for table in ("programme_programme", "measures_measure"):
        if not before.get(table):
            raise Broken(f"{table} is empty.")

    say(f"Ctrl-C: all ended after {portal.stop(signal.SIGINT):.1f} s, exit code {portal.process.returncode}")
    say(f"second start: /healthz after {portal.start(NEXT_START):.1f} s (promise {NEXT_START:.0f})")
    same(before, portal.counts(), "after the second start")

    os.killpg(portal.process.pid, signal.SIGKILL)
    say(f"kill -9 of the group: nothing left after {portal.nothing_left():.1f} s")
    say(f"start after it: /healthz after {portal.start(NEXT_START):.1f} s")
    same(before, portal.counts(), "after kill -9 of the group")

    for pid in portal.processes():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    say(f"kill -9 of every process: nothing left after {portal.nothing_left():.1f} s")
    say(f"start after it: /healthz after {portal.start(NEXT_START):.1f} s")
    same(before, portal.counts(), "after kill -9 of every process")

    os.kill(portal.supervisor(), signal.SIGKILL)
    say(f"kill -9 of the supervisor: nothing left after {portal.nothing_left():.1f} s")
    say(f"start after it: /healthz after {portal.start(NEXT_START):.1f} s")
    same(before, portal.counts(), "after kill -9 of the supervisor")
    say(f"SIGTERM: all ended after {portal.stop(signal.SIGTERM):.1f} s")


def main() -> int:
    portal = Portal(Path(sys.argv[1]).resolve())
    say(f"uid {os.geteuid()}, Python {sys.version.split()[0]}")
    try:
        live(portal)
    except Broken as broken:
        say(f"NOT KEPT: {broken}")
        say(portal.tail())
        return 1
    finally:
        for pid in portal.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    say("all kept")
    return 0


if __name__ == "__main__":
    sys.exit(main())

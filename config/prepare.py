"""Everything between an empty folder and a portal that can be opened, each step only when its inputs changed.

`python -m config.prepare` is run by the supervisor while the servers are up. What a step did is remembered by the
hash of what it depends on; steps that fill the embedded database are remembered beside its data, so that they are
repeated when the data folder of PostgreSQL is taken away.
"""

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from config import env
from config.embedded.process import with_parent

PROGRAMMES = ("kymenlaakso", "etela-karjala")
PORTFOLIO = ["make_portfolio", "--programme", "kymenlaakso", "--measures", "118", "--seed", "1"]
#: Two commands at once: one waits for the database while the other packs static files.
FILES, DATA = "files", "data"


@dataclass(frozen=True)
class Step:
    """One command of manage.py and the files its result depends on."""

    name: str
    command: list[str]
    inputs: tuple[str, ...]  # globs from the clone's root
    lane: str = DATA
    extra: str = ""
    once: bool = False  # never repeated for the same database, whatever changes
    says: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    makes: tuple[str, ...] = ()  # files in the clone; another clone with the same data folder lacks them

    def is_made(self) -> bool:
        """Whether what the step makes in the clone is there."""
        return all((env.BASE_DIR / path).exists() for path in self.makes)


def steps(*, demo: bool) -> list[Step]:
    """All steps in the order they are done, lane by lane."""
    locked = "requirements/run.txt"
    made: list[Step] = [
        Step(
            "messages", ["messages", "compile"], ("locale/**/*.po", locked), FILES, says="compiling the catalogues",
            makes=("locale/fi/LC_MESSAGES/django.mo", "locale/sv/LC_MESSAGES/django.mo"),
        ),
        Step(
            "static", ["collectstatic", "--noinput", "--verbosity", "0"], ("static/**/*", "*/static/**/*", locked),
            FILES, says="packing static files",
        ),
        Step(
            "migrate", ["migrate", "--noinput", "--verbosity", "0"],
            ("*/migrations/*.py", "*/apps.py", "core/*.py", "*/triggers.py", locked),
            says="migrating the database", environment={"PORTAL_AS_OWNER": "1"},
        ),
    ]  # fmt: skip
    for key in PROGRAMMES:
        data = f"programme/data/{key}.yaml"
        made.append(
            Step(
                f"programme-{key}",
                ["load_programme", data],
                (data, "programme/loading/**/*.py"),
                says=f"loading {key}",
            )
        )
    bundled = ("kpis/data/*.json", "kpis/sotkanet/bundled.py", "kpis/demo/nearby.py", "programme/data/*.yaml")
    nearby = ["--nearby"] if demo else []
    made.append(
        Step(
            "bundled",
            ["load_bundled", *nearby],
            bundled,
            says="loading the figures of Sotkanet that come along",
        )
    )
    if demo:
        made.append(
            Step("demo", ["demo_accounts"], ("accounts/*.py", "accounts/**/demo*.py"), says="demo accounts")
        )
    made.append(Step("portfolio", PORTFOLIO, (), once=True, says="making illustrative measures"))
    if demo:
        made.append(
            Step(
                "indicators",
                ["illustrate_indicators"],
                ("kpis/demo/*.py", "programme/data/*.yaml"),
                says="making illustrative values of indicators",
            )
        )
        made.append(
            Step(
                "strategy",
                ["demo_strategy"],
                ("strategy/demo/*.py", "kpis/demo/*.py"),
                says="illustrative answers of objectives",
            )
        )
        made.append(
            Step("talk", ["demo_talk"], ("reporting/demo/*.py",), says="illustrative comments and proposals")
        )
        made.append(
            Step(
                "schedule",
                ["demo_schedule"],
                ("programme/demo/schedule.py",),
                says="linking illustrative milestones",
            )
        )
        made.append(
            Step(
                "governance",
                ["demo_governance"],
                ("programme/demo/governance.py",),
                says="illustrative meetings, decisions and duties",
            )
        )
        made.append(
            Step(
                "plans",
                ["demo_plans"],
                ("programme/demo/plans.py", "programme/demo/resources.py"),
                says="writing illustrative plans",
            )
        )
        # Last: lights and deviations follow from everything before.
        made.append(
            Step(
                "lights",
                ["demo_lights"],
                ("programme/demo/lights.py",),
                says="giving illustrative monthly updates",
            )
        )
    return made


def fingerprint(step: Step) -> str:
    """Hash of the command and of the names and contents of its inputs."""
    digest = hashlib.sha256(json.dumps([step.command, step.extra]).encode())
    if step.once:
        return digest.hexdigest()
    for path in sorted({path for pattern in step.inputs for path in env.BASE_DIR.glob(pattern)}):
        parts = path.relative_to(env.BASE_DIR).parts
        if path.is_file() and parts[0] not in {"var", ".venv"} and "__pycache__" not in parts:
            digest.update(str(path.relative_to(env.BASE_DIR)).encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


class Stamps:
    """The fingerprints of what was done, in a file that is replaced whole."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.done: dict[str, str] = {}
        if path is not None and path.exists():
            try:
                self.done = dict(json.loads(path.read_text()))
            except (OSError, ValueError):
                self.done = {}

    def fresh(self, step: Step, mark: str) -> bool:
        """Whether the step was done with the same inputs."""
        return self.done.get(step.name) == mark and step.is_made()

    def keep(self, step: Step, mark: str) -> None:
        """Remembers the step as done."""
        self.done[step.name] = mark
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".draft")
        draft.write_text(json.dumps(self.done, indent=1))
        draft.replace(self.path)


def stamp_file(data: Path, lane: str) -> Path | None:
    """Where the lane's stamps lie; None for a database of one's own, whose state only it knows."""
    if lane == FILES:
        return data / "stamps.json"
    return None if env.text("DATABASE_URL") else data / "postgres" / "portal-stamps.json"


class StepFailed(Exception):
    """A step ended with an error; the text is its output."""


def run_lane(lane: str, todo: Iterable[Step], data: Path) -> None:
    """Does what changed, one after another. Raises StepFailed with the command's last words."""
    stamps = Stamps(stamp_file(data, lane))
    for step in todo:
        mark = fingerprint(step)
        if stamps.fresh(step, mark):
            continue
        if step.once and stamps.path is None and portfolio_exists():
            continue
        print(f"  {step.says} ...", flush=True)
        done = subprocess.run(
            [sys.executable, str(env.BASE_DIR / "manage.py"), *step.command],
            cwd=env.BASE_DIR, env=os.environ | step.environment, capture_output=True, text=True,
            preexec_fn=with_parent(signal.SIGTERM),
        )  # fmt: skip
        if done.returncode != 0:
            words = (done.stderr or done.stdout).strip().splitlines()[-15:]
            raise StepFailed("\n".join([f"manage.py {' '.join(step.command)} failed:", *words]))
        stamps.keep(step, mark)


def portfolio_exists() -> bool:
    """Whether a database of one's own has measures already; then no illustrative ones are added to it."""
    code = "from measures.models import Measure; import sys; sys.exit(0 if Measure.objects.exists() else 3)"
    done = subprocess.run(
        [sys.executable, str(env.BASE_DIR / "manage.py"), "shell", "-v", "0", "-c", code],
        cwd=env.BASE_DIR, capture_output=True,
    )  # fmt: skip
    return done.returncode != 3

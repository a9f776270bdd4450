"""The bench's databases: one of each size, kept while the code that shapes them is unchanged."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from config import embedded, env, prepare
from config.embedded import postgres, redis

TEMPLATE = "bench_template"
PROGRAMME = "kymenlaakso"
#: What shapes the loaded programme and what shapes the measures; a change makes the databases anew.
TEMPLATE_SHAPES = (
    "*/migrations/*.py",
    "core/rights.py",
    "programme/data/*.yaml",
    "programme/load*/**/*.py",
    "requirements/run.txt",
)
MEASURE_SHAPES = (
    "measures/**/*portfolio*.py",
    "reporting/**/*portfolio*.py",
    "bench/fill.py",
    "bench/gantt.py",
    "bench/indicators.py",
)
FILL_SECONDS = 900


class BenchError(Exception):
    """The bench cannot go on; the text says why."""


@dataclass
class Site:
    """One size: its database, the environment its processes run in, and what is in it (filled by `prepare_site`)."""

    measures: int
    number: int  # Redis database
    data: Path
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def database(self) -> str:
        return f"bench_{self.measures}"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the site's processes."""
        return environment(self.data, self.database, self.number)


def environment(data: Path, database: str, number: int) -> dict[str, str]:
    """Our own settings and servers, whatever the caller's environment names."""
    sockets = embedded.socket_folder(data)
    inherited = {
        name: value for name, value in os.environ.items() if name not in {"PORTAL_DEMO", "SENTRY_DSN"}
    }
    return inherited | {
        "DJANGO_SETTINGS_MODULE": "config.settings.bench",
        "PORTAL_BENCH": "1",
        "PORTAL_DATA_DIR": str(data),
        "DATABASE_URL": postgres.url(sockets, database=database),
        "MIGRATE_DATABASE_URL": postgres.url(sockets, role=postgres.OWNER, database=database),
        "REDIS_URL": redis.url(sockets, number=number),
        "HOST": "127.0.0.1",
    }


def connect(data: Path, database: str = "postgres") -> psycopg.Connection[tuple[Any, ...]]:
    """As superuser of the bench's own server, outside transactions."""
    address = postgres.url(embedded.socket_folder(data), role=postgres.SUPERUSER, database=database)
    return psycopg.connect(address, autocommit=True)


def quiet(data: Path) -> None:
    """No autovacuum in the bench's server: it would look at half-filled tables, and run between two samples."""
    with connect(data) as connection:
        connection.execute("ALTER SYSTEM SET autovacuum = off")
        connection.execute("SELECT pg_reload_conf()")


def fingerprint(shapes: Iterable[str], extra: str = "") -> str:
    """Changes with the files that the globs name."""
    digest = hashlib.sha256(extra.encode())
    for path in sorted({path for pattern in shapes for path in env.BASE_DIR.glob(pattern)}):
        digest.update(f"{path.relative_to(env.BASE_DIR)}".encode() + path.read_bytes())
    return digest.hexdigest()


def prepare_files(data: Path) -> None:
    """Static files and catalogues, as production has them."""
    os.environ["PORTAL_DATA_DIR"] = str(data)
    files = [step for step in prepare.steps(demo=False) if step.lane == prepare.FILES]
    prepare.run_lane(prepare.FILES, files, data)


def prepare_site(site: Site) -> None:
    """Makes the site's database unless it is there already."""
    stamp = fingerprint((*TEMPLATE_SHAPES, *MEASURE_SHAPES), site.database)
    kept = read_note(site.data, site.database)
    if kept.get("stamp") == stamp:
        site.facts = kept["facts"]
        return
    prepare_template(site.data)
    print(f"  making {site.measures} measures ...", flush=True)
    clone(site.data, site.database)
    facts = run(site.environment, ["-m", "bench.fill", "fill", str(site.measures)])
    with connect(site.data, site.database) as connection:
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")
    site.facts = json.loads(facts.splitlines()[-1])
    write_note(site.data, site.database, {"stamp": stamp, "facts": site.facts})


def prepare_template(data: Path) -> None:
    """A migrated database with the programme's facts and no measures."""
    stamp = fingerprint(TEMPLATE_SHAPES)
    if read_note(data, TEMPLATE).get("stamp") == stamp:
        return
    print("  migrating and loading the programme ...", flush=True)
    clone(data, TEMPLATE, "template1")
    there = environment(data, TEMPLATE, 15)
    run(there | {"PORTAL_AS_OWNER": "1"}, ["manage.py", "migrate", "--noinput", "--verbosity", "0"])
    run(there, ["manage.py", "load_programme", f"programme/data/{PROGRAMME}.yaml"])
    write_note(data, TEMPLATE, {"stamp": stamp, "facts": {}})


def clone(data: Path, name: str, template: str = TEMPLATE) -> None:
    """A new database of that name; an old one goes."""
    with connect(data) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(postgres.OWNER), sql.Identifier(template)
            )
        )


def read_note(data: Path, name: str) -> dict[str, Any]:
    """What `write_note` kept; empty for a database that is missing or unfinished."""
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    with connect(data) as connection:
        row = connection.execute(query, [name]).fetchone()
    return dict(json.loads(row[0])) if row and row[0] else {}


def write_note(data: Path, name: str, note: dict[str, Any]) -> None:
    """Keeps the note on the database itself, so that it goes with it."""
    with connect(data) as connection:
        connection.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                sql.Identifier(name), sql.Literal(json.dumps(note))
            )
        )


def run(environment: dict[str, str], arguments: list[str]) -> str:
    """The output of a Python command of the portal. Raises BenchError with its last words."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=env.BASE_DIR, env=environment, capture_output=True, text=True,
        timeout=FILL_SECONDS,
    )  # fmt: skip
    if done.returncode:
        words = (done.stderr or done.stdout).strip().splitlines()[-12:]
        raise BenchError("\n".join([f"{' '.join(arguments)} failed:", *words]))
    return done.stdout

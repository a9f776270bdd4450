"""What the bench does inside Django: fill a database, sign in, copy. Run as `python -m bench.fill WORD ...`."""

import json
import sys
import time
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from bench.data import PROGRAMME  # noqa: E402
from bench.gantt import fill_gantt  # noqa: E402
from bench.indicators import fill_indicators  # noqa: E402
from core.periods import month_key  # noqa: E402
from measures.models import Measure, SavingsEntry  # noqa: E402
from programme.models import Programme, Role, RoleGrant  # noqa: E402

NAME = "bench"
#: A hundred with 10 000 measures, so that the small site has few.
FEWEST_INDICATORS = 12


def fill(measures: int) -> dict[str, Any]:
    """Measures, their months and a frozen status view; returns what the runner must know of them."""
    seconds = {}
    begin = time.perf_counter()
    call_command(
        "make_portfolio", "--programme", PROGRAMME, "--measures", str(measures), "--seed", "1", "--dense"
    )
    seconds["portfolio"] = time.perf_counter() - begin
    programme = Programme.objects.get(slug=PROGRAMME)
    month = month_key(programme.today().replace(day=1))
    user = get_user_model().objects.create_user(NAME)
    RoleGrant.objects.create(programme=programme, user=user, role=Role.PMO)
    begin = time.perf_counter()
    indicator = fill_indicators(programme, max(FEWEST_INDICATORS, measures // 100))
    seconds["indicators"] = time.perf_counter() - begin
    fill_gantt(programme)
    begin = time.perf_counter()
    call_command("build_status_view", PROGRAMME, month)
    seconds["status_view"] = time.perf_counter() - begin
    return facts(programme, month) | {"seconds": seconds, "indicator": indicator}


def facts(programme: Programme, month: str) -> dict[str, Any]:
    """Where the pages lead: a measure in the middle, a theme, a word of a name, the number of rows."""
    from reporting.models import StatusView

    measures = Measure.objects.filter(programme=programme).order_by("code")
    count = measures.count()
    middle = measures.select_related("goal__theme")[count // 2]
    view = StatusView.objects.filter(programme=programme).order_by("-pk").first()
    return {
        "programme": programme.pk,
        "measures": count,
        "entries": SavingsEntry.objects.filter(programme=programme).count(),
        "measure": middle.pk,
        "code": middle.code,
        "theme": middle.goal.theme.key,
        "word": max(middle.name_fi.split(), key=len),
        "month": month,
        "view": view.pk if view else None,
    }


def sign_in() -> dict[str, Any]:
    """A session of the programme office's user."""
    client = Client()
    client.force_login(get_user_model().objects.get(username=NAME))
    return {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}


#: The savings table's keys and foreign keys without its triggers: the floor of every import.
COPY_TABLE = """
    CREATE TABLE bench_copy (
        id bigint PRIMARY KEY,
        programme_id bigint NOT NULL REFERENCES programme_programme DEFERRABLE INITIALLY DEFERRED,
        line_id bigint NOT NULL REFERENCES measures_savingsline DEFERRABLE INITIALLY DEFERRED,
        month date NOT NULL,
        series varchar(13) NOT NULL,
        amount_eur_cents bigint NOT NULL,
        version integer NOT NULL,
        UNIQUE (programme_id, line_id, series, month)
    )
"""
COLUMNS = "id, programme_id, line_id, month, series, amount_eur_cents, version"


def copy() -> dict[str, Any]:
    """Seconds of a COPY of all savings rows into a table with the same keys, commit included."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_copy")
        cursor.execute(COPY_TABLE)
        with cursor.copy(f"COPY (SELECT {COLUMNS} FROM measures_savingsentry) TO STDOUT") as rows:
            parts = [bytes(part) for part in rows]
    whole = b"".join(parts)
    begin = time.perf_counter()
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy(f"COPY bench_copy ({COLUMNS}) FROM STDIN") as to,
    ):
        for start in range(0, len(whole), 1 << 20):
            to.write(whole[start : start + (1 << 20)])
    seconds = time.perf_counter() - begin
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM bench_copy")
        (rows_copied,) = cursor.fetchone()
        cursor.execute("DROP TABLE bench_copy")
    return {"seconds": seconds, "rows": rows_copied}


if __name__ == "__main__":
    word, *rest = sys.argv[1:]
    answer = {"fill": lambda: fill(int(rest[0])), "sign_in": sign_in, "copy": copy}[word]()
    print(json.dumps(answer))

"""Reading 200 indicators of Sotkanet, beside fetching and parsing the same answers and doing nothing with them.

Each answer holds ten years of three genders of every region, about 14 000 rows, of which a programme keeps some 700.
The service is the loopback one of the tests, in a process of its own and without pauses. `refresh` is the first
load; for information, and of a part of them: `refresh_revised` finds every value revised, `refresh_same` finds
answers that are what they were although Sotkanet said they had changed.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from statistics import median
from typing import Any

from bench.data import TEMPLATE, BenchError, Site, clone, connect, prepare_template, run
from config import env

DATABASE = "bench_refresh"
INDICATORS = 200
#: Of fetching and parsing alone; of the seconds of one indicator when there are few; of the memory then, megabytes.
RATIO, GROWTH, MORE_MB = 2.0, 1.6, 25
#: A tenth is read first, so that time and memory of few can be told from those of many.
SMALL = INDICATORS // 10


def measure_refresh(site: Site) -> dict[str, dict[str, Any]]:
    """The cases by key, on a database of their own beside the site's."""
    prepare_template(site.data)
    clone(site.data, DATABASE, TEMPLATE)
    there = site.environment | {
        name: value.replace(site.database, DATABASE)
        for name, value in site.environment.items()
        if name in {"DATABASE_URL", "MIGRATE_DATABASE_URL"}
    }
    try:
        with _service(INDICATORS) as asked:
            return dict(json.loads(run(there, ["-m", "bench.refresh", json.dumps(asked)]).splitlines()[-1]))
    finally:
        with connect(site.data) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


def missed(found: dict[str, dict[str, Any]]) -> list[str]:
    """The first load when it takes longer, or more with many than with few, than it may."""
    first = found["refresh"]
    fits = first["ratio"] <= RATIO and first["growth"] <= GROWTH and first["more_mb"] <= MORE_MB
    return [] if fits else ["refresh"]


def lines_of(found: dict[str, dict[str, Any]]) -> list[str]:
    """A line for each case, as the table of the pages is followed by."""
    lines = []
    for key, case in found.items():
        text = (
            f"  {key}: {case['seconds']} s, {case['ratio']} of fetching and parsing ({case['values']} values"
        )
        if "growth" in case:
            text += (
                f", growth {case['growth']}, {case['rss_mb']} MB, {case['more_mb']} MB more than for a tenth"
            )
        lines.append(f"{text})")
    return lines


@contextmanager
def _service(count: int) -> Iterator[dict[str, Any]]:
    """The loopback service in a process of its own: its address and the ids that it knows."""
    command = [sys.executable, "-m", "tests.sotkanet.server", "--large", str(count)]
    with subprocess.Popen(
        command, cwd=env.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stdin is not None
        said = process.stdout.readline()
        if not said:
            raise BenchError("the loopback service did not start")
        try:
            yield json.loads(said)
        finally:
            process.stdin.close()
            process.wait(20)


# --- inside Django ----------------------------------------------------------------------------------------------


def inside(url: str, numbers: Sequence[int]) -> dict[str, dict[str, Any]]:
    """The measuring itself."""
    import django

    django.setup()
    from django.conf import settings

    from config import limits

    settings.SOTKANET_BASE_URL, limits.SOTKANET_PAUSE = url, 0
    programme = _programme(numbers)
    _read(programme, numbers[:2])  # what is loaded once for a process
    few, rest = numbers[2 : 2 + SMALL], numbers[2 + SMALL :]
    floors = [_floor(few)]
    small = _read(programme, few) / len(few)
    small_mb = _rss_mb()
    floors.append(_floor(few))
    first = _read(programme, rest) / len(rest)
    rss, values = _rss_mb(), _values()
    floors.append(_floor(few))
    again = rest[: 2 * SMALL]
    _as_if(revised=True)
    revised = _read(programme, again) / len(again)
    revised_values = _values() - values
    floors.append(_floor(few))
    _as_if(revised=False)
    same = _read(programme, again) / len(again)
    floor = median(floors) / len(few)

    def told(seconds: float, count: int, **more: Any) -> dict[str, Any]:
        return {
            "seconds": round(seconds, 4), "floor": "fetch and parse", "floor_seconds": round(floor, 4),
            "ratio": round(seconds / floor, 2),
            "values": count, **more,
        }  # fmt: skip

    return {
        "refresh": told(
            first, values, growth=round(first / small, 2), rss_mb=rss, more_mb=rss - small_mb, indicators=len(numbers)
        ),
        "refresh_revised": told(revised, revised_values),
        "refresh_same": told(same, 0),
    }  # fmt: skip


def _programme(numbers: Sequence[int]) -> Any:
    """The bench's programme with an indicator, a rule and a source for each of the ids."""
    from bench.data import PROGRAMME
    from kpis.models import Indicator, SourceLink, TargetRule
    from programme.models import Programme

    programme = Programme.objects.get(slug=PROGRAMME)
    SourceLink.objects.filter(programme=programme, kind="sotkanet").update(is_ended=True)
    indicators = Indicator.objects.bulk_create(
        Indicator(
            programme=programme, key=f"bench-{number}", name_fi=f"Mittari {number}", unit="%", better="down",
            position=number % 1000,
        )
        for number in numbers
    )  # fmt: skip
    SourceLink.objects.bulk_create(
        SourceLink(
            programme=programme, indicator=indicator, key=f"sotkanet-{number}", kind="sotkanet", sotkanet_id=number,
            gender="each",
        )
        for indicator, number in zip(indicators, numbers, strict=True)
    )  # fmt: skip
    TargetRule.objects.bulk_create(
        TargetRule(
            programme=programme, indicator=indicator, key=f"bench-{indicator.pk}", kind="compare", compare="below",
            reference="national_average", reference_at="same_year", valid_from=date(2020, 1, 1),
        )
        for indicator in indicators
    )  # fmt: skip
    return programme


def _read(programme: Any, numbers: Sequence[int]) -> float:
    """Seconds that a refresh of those takes, by the job that a worker does."""
    from core.jobs import run_job
    from kpis.models import SourceLink
    from kpis.refreshing.runs import ask

    links = SourceLink.objects.filter(
        programme=programme, key__startswith="sotkanet-", sotkanet_id__gte=900_000
    )
    links.update(is_ended=True)
    links.filter(sotkanet_id__in=numbers).update(is_ended=False)
    run_ = ask(programme=programme)
    begin = time.perf_counter()
    assert run_.job_id is not None
    state = run_job(run_.job_id)
    seconds = time.perf_counter() - begin
    wrong = run_.items.exclude(state__in=["stored", "unchanged"])
    if state != "done" or wrong.exists() or run_.items.count() != len(numbers):
        raise BenchError(
            f"the refresh was not whole: {state}, {list(wrong.values_list('code', flat=True)[:5])}"
        )
    return seconds


def _floor(numbers: Sequence[int]) -> float:
    """Seconds of asking for the same answers and parsing them."""
    from kpis.refreshing.plans import EACH
    from kpis.regions import COUNTIES, ids_by_key
    from kpis.sotkanet.client import Sotkanet

    known = ids_by_key()
    regions = [known[key] for key in (*(county.key for county in COUNTIES), "MAA")]
    begin = time.perf_counter()
    with Sotkanet() as client:
        for number in numbers:
            details = client.indicator(number)
            answer = client.rows(
                number, range(details.range_start, details.range_end + 1), EACH, regions=regions
            )
            if len(answer.rows) != len(regions) * len(EACH) * 10:
                raise BenchError(f"the answer holds {len(answer.rows)} wanted rows")
    return time.perf_counter() - begin


def _as_if(*, revised: bool) -> None:
    """Makes what is stored older than what the service says, and another value where it is to be revised."""
    from django.db import connection

    from kpis.models import LinkState

    with connection.cursor() as cursor:
        if revised:
            cursor.execute(
                "UPDATE kpis_observation SET value = value + 0.0001 WHERE source_link_id IS NOT NULL"
            )
            LinkState.objects.update(data_updated=date(2000, 1, 1), sha256="")
        else:
            LinkState.objects.update(data_updated=date(2000, 1, 1))


def _values() -> int:
    from kpis.models import Observation

    return int(Observation.objects.filter(source_link__sotkanet_id__gte=900_000).count())


def _rss_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    print(json.dumps(inside(asked["url"], asked["indicators"])))
    sys.exit(0)

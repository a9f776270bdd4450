"""The run: databases, servers, pages and floors in turn, one table, var/bench.json, a verdict as exit code."""

import argparse
import json
import logging
import os
import re
import sys
import time
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.data import PROGRAMME, BenchError, Site, prepare_files, prepare_site, quiet, run
from bench.editing import Cell
from bench.figures import Case, Result, as_json, misses, result_of, table, usual
from bench.imports import lines_of, measure_imports
from bench.imports import missed as missed_imports
from bench.refresh import lines_of as lines_of_refresh
from bench.refresh import measure_refresh
from bench.refresh import missed as missed_refresh
from bench.server import Answer, Server, Visitor
from config import embedded, env

PASSES = 3
#: A page is asked this often in each pass: enough to fill the time, within these ends.
SECONDS_EACH = 0.7
ASKED_AT_LEAST, ASKED_AT_MOST = 2, 25
#: Fresh connections before measuring, so that every worker has loaded what it needs.
WARM_CONNECTIONS = 6
#: Bytes of one row of the aggregate floor's template.
ROW_BYTES = 165


def make_cases(facts: dict[str, Any]) -> list[Case]:
    """The pages of performance.md that exist, with their budgets."""
    home = f"/p/{PROGRAMME}/"
    last = -(-facts["measures"] // 50)

    def fresh(key: str, path: str) -> Case:
        return Case(key, path, "aggregate", 0.5, 15, 1.6, is_required=True, is_after_edit=True)

    def listed(key: str, query: str, ratio: float, *, is_required: bool = False) -> Case:
        return Case(key, f"{home}measures/{query}", "list", ratio, 10, 1.6, is_required=is_required)

    return [
        fresh("dashboard", home),
        fresh("savings_matrix", f"{home}savings/"),
        Case("dashboard_warm", home, "aggregate", 0.5, 15, 1.6),
        Case("savings_matrix_warm", f"{home}savings/", "aggregate", 0.5, 15, 1.6),
        Case("dashboard_cold", home, "aggregate", is_cold=True),
        listed("measure_list", "", 2.5, is_required=True),
        listed("measure_list_filtered", f"?theme={facts['theme']}", 3.0),
        listed("measure_list_search", f"?q={facts['word']}", 3.0),
        listed("measure_list_sorted", "?sort=plan", 3.0),
        listed("measure_list_sorted_filtered", f"?theme={facts['theme']}&sort=-claimed", 3.0),
        listed("measure_list_last", f"?page={last}", 3.0),
        Case("measure_card", f"{home}measures/{facts['code']}/", "detail", 3.0, 14, 1.6, is_required=True),
        Case("kpi_wall", f"{home}kpis/", "list", 4.0, 12, is_required=True),
        Case("kpi_page", f"{home}kpis/{facts['indicator']}/", "detail", 3.0, 14, 1.6, is_required=True),
        Case("gantt", f"{home}gantt/", "list", 2.5, 10, is_required=True),
        Case("month_grid", f"{home}measures/{facts['code']}/months/", "detail", sql=16),
        Case("months_many", f"{home}months/", "list", sql=16),
        Case("edit_cell", f"{home}months/save/", "edit", 3.0, 14, 1.6, is_required=True, is_edit=True),
        Case("api_list", f"/api/v1/measures/?programme={PROGRAMME}", "json", 2.5, 10, 1.6, is_required=True),
        Case("api_savings", f"/api/v1/savings/?programme={PROGRAMME}", "json"),
        Case("api_summary", f"/api/v1/programmes/{PROGRAMME}/summary/", "aggregate"),
        Case("csv_all", f"{home}measures/?format=csv", "csv", 1.5),
        Case("status_view", f"{home}bigroom/{facts['month']}/", "render"),
    ]


def make_floors(facts: dict[str, Any], rows: int) -> dict[str, str]:
    """Addresses of the floors; the aggregate's template is given as many rows as the dashboard is large."""
    return {
        "list": f"/bench/list/{facts['programme']}/",
        "detail": f"/bench/detail/{facts['measure']}/",
        "json": f"/bench/json/{facts['programme']}/",
        "aggregate": f"/bench/aggregate/{facts['programme']}/{rows}/",
        "edit": f"/bench/edit/{facts['measure']}/",
        "csv": f"/bench/csv/{facts['programme']}/",
        "render": f"/bench/render/{facts['view']}/",
    }


class Place:
    """A running site and somebody signed in to it."""

    def __init__(self, site: Site, server: Server) -> None:
        session = json.loads(run(site.environment, ["-m", "bench.fill", "sign_in"]).splitlines()[-1])
        self.port, self.cookie = server.port, f"{session['name']}={session['value']}"
        self.site = site
        self.cases = {case.key: case for case in make_cases(site.facts)}
        self.visitor = self.fresh()
        self.cell = Cell(site.facts["code"], self.visitor)
        rows = len(self.visitor.get(self.cases["dashboard"].path).body) // ROW_BYTES
        self.floors = make_floors(site.facts, rows)

    def fresh(self) -> Visitor:
        """A visitor on a connection of its own, which lands on either worker."""
        return Visitor(self.port, self.cookie)

    def ask(self, case: Case) -> Answer:
        """The page; one after an edit when a cell was just written, a cold one when the cache was just emptied."""
        if case.is_after_edit:
            self.once(self.cases["edit_cell"], self.visitor)
        if case.is_cold:
            self.visitor.get("/bench/forget/")
            self.visitor.get(self.floors["json"])
        return self.once(case, self.visitor)

    def once(self, case: Case, visitor: Visitor) -> Answer:
        """The page, or one edit of the cell, by any visitor."""
        return self.cell.edit(visitor, case.path) if case.is_edit else visitor.get(case.path)

    def warm(self, keys: list[str]) -> None:
        """Every page and floor a few times on each worker."""
        for _ in range(WARM_CONNECTIONS):
            visitor = self.fresh()
            for case in {self.cases[key].path: self.cases[key] for key in keys}.values():
                self.once(case, visitor)
            for path in self.floors.values():
                visitor.get(path)
            visitor.close()


def measure(large: Place, small: Place, keys: list[str], passes: int) -> dict[str, Result]:
    """Each page beside its floor and its small twin, one request after another, in several passes."""
    samples: dict[tuple[str, str], list[list[float]]] = defaultdict(list)
    statements: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number in range(passes):
        print(f"  pass {number + 1} of {passes}", flush=True)
        for place in (large, small):  # a pass is a new connection, often to the other worker
            place.visitor.close()
            place.visitor = place.fresh()
        for key in keys:
            big, little = large.cases[key], small.cases[key]
            first = large.ask(big)
            times = max(ASKED_AT_LEAST, min(ASKED_AT_MOST, int(SECONDS_EACH / max(first.seconds, 0.001))))
            rounds = [
                (large.visitor.get(large.floors[big.floor]), large.ask(big), small.ask(little))
                for _ in range(times)
            ]
            for kind, answers in zip(("floor", "page", "small"), zip(*rounds, strict=True), strict=True):
                samples[key, kind].append([answer.seconds for answer in answers])
                statements[key, kind] += [answer.sql for answer in answers]
    return {
        key: result_of(
            large.cases[key], samples[key, "page"], samples[key, "floor"], samples[key, "small"],
            usual(statements[key, "page"]), usual(statements[key, "small"]),
        )
        for key in keys
    }  # fmt: skip


def panels(place: Place) -> dict[str, dict[str, Any]]:
    """The parts that the dashboard loads after its first answer: seconds and SQL statements of each."""
    page = place.visitor.get(place.cases["dashboard"].path).body.decode()
    tags = [
        tag
        for tag in re.findall(r"<[^>]*hx-get=[^>]*>", page)
        if re.search(r"hx-trigger=\"[^\"]*(load|revealed|intersect)", tag)
    ]
    paths = dict.fromkeys(re.search(r'hx-get="([^"]+)"', tag)[1].replace("&amp;", "&") for tag in tags)  # type: ignore[index]
    found = {}
    for path in paths:
        answers = [place.visitor.get(path) for _ in range(5)]
        seconds = sorted(answer.seconds for answer in answers)[2]
        found[path] = {"seconds": round(seconds, 6), "sql": answers[-1].sql, "bytes": len(answers[-1].body)}
    return found


def wanted_keys(place: Place, only: str) -> list[str]:
    """The pages asked for, or all of them."""
    keys = [key.strip() for key in only.split(",") if key.strip()] or list(place.cases)
    unknown = [key for key in keys if key not in place.cases]
    if unknown:
        raise BenchError(f"no such page: {', '.join(unknown)}; there are {', '.join(place.cases)}")
    return keys


def read_arguments(words: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Pages against their floors.")
    parser.add_argument("--measures", type=int, default=10_000, help="measures in the large database")
    parser.add_argument("--small", type=int, default=1_000, help="measures in the small one")
    parser.add_argument("--passes", type=int, default=PASSES)
    parser.add_argument("--only", default="", help="pages by key, separated by commas")
    parser.add_argument("--without-copy", action="store_true", help="leave out the import floor")
    parser.add_argument("--without-refresh", action="store_true", help="leave out reading indicators")
    parser.add_argument("--output", type=Path, default=None, help="default var/bench.json")
    return parser.parse_args(words)


def monte_carlo(site: Site) -> dict[str, Any]:
    """Seconds and memory of the simulation, in a process of its own."""
    figures: dict[str, Any] = json.loads(run(site.environment, ["-m", "bench.monte_carlo"]).splitlines()[-1])
    return figures


def run_bench(arguments: argparse.Namespace) -> int:
    """0 when every required budget holds, else 1."""
    output = arguments.output or env.data_dir() / "bench.json"
    data = env.data_dir() / "bench"
    large, small = Site(arguments.measures, 1, data), Site(arguments.small, 2, data)
    claim = embedded.use(data)
    try:
        quiet(data)
        prepare_files(data)
        for site in (small, large):
            prepare_site(site)
        print(f"  {large.facts['measures']} measures, {large.facts['entries']} savings rows", flush=True)
        with ExitStack() as running:
            big, little = (
                Place(
                    site, running.enter_context(Server(site.environment, str(data / f"{site.database}.log")))
                )
                for site in (large, small)
            )
            keys = wanted_keys(big, arguments.only)
            for place in (big, little):
                place.warm(keys)
            results = measure(big, little, keys, arguments.passes)
            extra: dict[str, Any] = {
                "dashboard_panels": panels(big),
                "status_view_build": {"seconds": round(large.facts["seconds"]["status_view"], 3)},
                "portfolio": {"seconds": round(large.facts["seconds"]["portfolio"], 1)},
            }
        extra["monte_carlo"] = monte_carlo(large)
        workbooks: dict[str, dict[str, Any]] = {}
        refreshed = {} if arguments.without_refresh else measure_refresh(large)
        if not arguments.without_copy:
            owner = large.environment | {"PORTAL_AS_OWNER": "1"}  # the application may make no tables
            extra["copy_floor"] = json.loads(run(owner, ["-m", "bench.fill", "copy"]).splitlines()[-1])
            workbooks = measure_imports(large)
    finally:
        claim.release(wait=True)
    cases = make_cases(large.facts)
    sizes = {
        "measures": large.facts["measures"],
        "entries": large.facts["entries"],
        "small": small.facts["measures"],
    }
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(
        json.dumps(as_json(results) | workbooks | refreshed | extra | {"sizes": sizes}, indent=1) + "\n"
    )
    print(table(cases, results))
    drawn = extra["monte_carlo"]
    print(f"  monte_carlo: {drawn['seconds']:.2f} s of one core, {drawn['peak_megabytes']} MB")
    for path, panel in extra["dashboard_panels"].items():
        print(f"  panel {path}: {panel['seconds'] * 1000:.1f} ms, {panel['sql']} SQL")
    print("\n".join([*lines_of(workbooks), *lines_of_refresh(refreshed)]))
    missed = [
        case.key
        for case in cases
        if case.is_required and case.key in results and misses(case, results[case.key])
    ]
    if not drawn["holds"]:
        missed.append("monte_carlo")
    missed += missed_imports(workbooks) if workbooks else []
    missed += missed_refresh(refreshed) if refreshed else []
    print(f"Missed: {', '.join(missed)}." if missed else "The required budgets hold.", f"({output})")
    return 1 if missed else 0


def main(words: list[str]) -> int:
    """Exit code 0 or 1 by the verdict, 2 when it could not be measured."""
    logging.disable(logging.CRITICAL)
    for name in ("DATABASE_URL", "MIGRATE_DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)  # the bench has servers of its own
    begin = time.monotonic()
    try:
        return run_bench(read_arguments(words))
    except (BenchError, embedded.EmbeddedError) as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        print(f"  {time.monotonic() - begin:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What is asked of each page, and what the samples say: pure arithmetic, tested without a server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median, median_high


@dataclass(frozen=True)
class Case:
    """A page and the floor it stands beside; limits that are None are not judged.

    An edit is a POST that changes one cell each time (bench.editing). A page after an edit is asked for right
    after one, each time, so that nothing that was worked out before fits; a cold one with an empty cache.
    """

    key: str
    path: str
    floor: str
    ratio: float | None = None
    sql: int | None = None
    growth: float | None = None
    is_required: bool = False
    is_cold: bool = False
    is_after_edit: bool = False
    is_edit: bool = False


@dataclass(frozen=True)
class Result:
    """One page measured. Seconds are medians; `growth` is large to small; p95 over every sample."""

    seconds: float
    floor: str
    floor_seconds: float
    ratio: float
    sql: int
    sql_small: int
    growth: float
    p95: float


#: Samples of one page: passes of seconds.
Passes = Sequence[Sequence[float]]


def typical(passes: Passes) -> float:
    """Median of the passes' medians."""
    return median(median(samples) for samples in passes)


def usual(counts: Iterable[int]) -> int:
    """How many statements a page asks: the median, because once a minute one more notes that the person was here."""
    return median_high(counts)


def percentile(samples: Iterable[float], share: float) -> float:
    """The sample that `share` of them do not exceed."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def result_of(case: Case, page: Passes, floor: Passes, small: Passes, sql: int, sql_small: int) -> Result:
    """The page's figures from its own samples, its floor's and those of the small database."""
    seconds, floor_seconds = typical(page), typical(floor)
    return Result(
        seconds=seconds,
        floor=case.floor,
        floor_seconds=floor_seconds,
        ratio=seconds / floor_seconds,
        sql=sql,
        sql_small=sql_small,
        growth=seconds / typical(small),
        p95=percentile((sample for samples in page for sample in samples), 0.95),
    )


def misses(case: Case, result: Result) -> list[str]:
    """Which budgets the page misses, in words; empty when all hold."""
    found = []
    if case.ratio is not None and result.ratio > case.ratio:
        found.append(f"ratio {result.ratio:.2f} > {case.ratio}")
    if case.sql is not None and result.sql > case.sql:
        found.append(f"SQL {result.sql} > {case.sql}")
    if case.growth is not None and result.growth > case.growth:
        found.append(f"growth {result.growth:.2f} > {case.growth}")
    if case.sql is not None and result.sql != result.sql_small:
        found.append(f"SQL grows: {result.sql_small} -> {result.sql}")
    return found


HEAD = ("page", "ms", "floor", "floor ms", "ratio", "budget", "SQL", "budget", "growth", "p95 ms", "verdict")


def table(cases: Sequence[Case], results: Mapping[str, Result]) -> str:
    """One line for each page, columns aligned."""
    lines = [HEAD]
    for case in cases:
        if case.key not in results:
            continue
        found = results[case.key]
        missed = misses(case, found)
        judged = any(limit is not None for limit in (case.ratio, case.sql, case.growth))
        lines.append(
            (
                case.key, f"{found.seconds * 1000:.1f}", found.floor, f"{found.floor_seconds * 1000:.1f}",
                f"{found.ratio:.2f}", _limit(case.ratio), str(found.sql), _limit(case.sql), f"{found.growth:.2f}",
                f"{found.p95 * 1000:.1f}", "; ".join(missed) if missed else "holds" if judged else "",
            )
        )  # fmt: skip
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    return "\n".join(
        "  ".join(
            text.ljust(width) if column in {0, 2, 10} else text.rjust(width)
            for column, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _limit(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def as_json(results: Mapping[str, Result]) -> dict[str, dict[str, object]]:
    """What var/bench.json holds: seconds to a microsecond, ratios to three decimals."""
    rounding = {"seconds": 6, "floor_seconds": 6, "p95": 6, "ratio": 3, "growth": 3}
    return {
        key: {
            name: round(value, rounding[name]) if name in rounding else value
            for name, value in asdict(found).items()
        }
        for key, found in results.items()
    }

"""The simulation of the forecast at its promised size: 10 000 draws of 1 000 measures over 36 months on one core.

`python -m bench.monte_carlo` prints one line of JSON: processor seconds of the quickest of three runs (drawing,
summing, shares of the variance), of the whole outlook with its percentiles, and the peak of memory.
"""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable
from typing import Any

import measures.forecasting  # noqa: F401  one thread for NumPy, said before it loads

DRAWS, MEASURES, MONTHS, THEMES = 10_000, 1_000, 36, 4
#: Budgets: seconds of one core, megabytes of the process.
SECONDS, MEGABYTES = 1.0, 300
RUNS = 3


def made() -> Any:
    """Measures that begin in turn, a fifth of them with costs, as the simulation takes them."""
    import numpy as np

    from measures.forecasting.effects import Lines, Risk, uncertain

    rng = np.random.default_rng(1)
    begins = rng.integers(10, 30, MEASURES)[:, None]
    months = np.where(np.arange(MONTHS) >= begins, -rng.integers(100_000, 9_000_000, MEASURES)[:, None], 0)
    months[::5] = -months[::5] // 4
    lines = Lines(months.astype(np.int64), np.arange(MEASURES), np.zeros(MEASURES, np.intp), MEASURES, 14)
    risks = [Risk(0.4 + at % 7 / 10, 0.5, 0.9, 1.1) for at in range(MEASURES)]
    return uncertain(lines, risks, [at % THEMES for at in range(MEASURES)])


def quickest(work: Callable[[], object]) -> float:
    """Processor seconds of the quickest of the runs."""
    taken = []
    for _run in range(RUNS):
        begin = time.process_time()
        work()
        taken.append(time.process_time() - begin)
    return min(taken)


def main() -> dict[str, object]:
    import numpy as np

    from measures.forecasting.effects import year_weights
    from measures.forecasting.model import Spread, simulate

    found, weights = made(), year_weights(2, MONTHS // 12, one_off=False)
    spread = Spread(np.array([0.55, *[0.45 / 12] * 12]), 0.1)

    def draw() -> Any:
        return simulate(found, spread, weights=weights, draws=DRAWS, seed=1)

    seconds = quickest(draw)
    result = draw()
    percentiles = quickest(lambda: np.percentile(result.totals, (10, 50, 90), axis=0))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "draws": DRAWS, "measures": MEASURES, "months": MONTHS, "seconds": round(seconds, 3),
        "percentiles_seconds": round(percentiles, 3), "peak_megabytes": round(peak),
        "holds": seconds < SECONDS and peak < MEGABYTES,
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(main()))

"""The weighted forecast (painotettu ennuste): each measure by the chance of its stage and its confidence. Pure.

It is the mean of what the simulation draws when nothing is late. Closed months, and what runs since, weigh 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from measures.forecasting.effects import Lines, Risk


def weighted(lines: Lines, risks: list[Risk]) -> NDArray[np.int64]:
    """[c] in cents: savings x chance x mean fraction, costs x chance, what is sure as it is."""
    chance = np.array([risk.chance for risk in risks])
    fraction = np.array([risk.mean for risk in risks])
    columns = lines.columns(lines.months - lines.sure())
    of_line = chance[lines.measure][:, None] * np.where(columns < 0, fraction[lines.measure][:, None], 1.0)
    return np.rint(lines.facts() + (columns * of_line).sum(axis=0)).astype(np.int64)

"""Forecasts with their uncertainty: weighted forecast, probability range, what-if (docs/adr/0064-probability.md)."""

import os

# The simulation keeps to one core, and its figures to one order of adding. Libraries read this when NumPy loads.
for _name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

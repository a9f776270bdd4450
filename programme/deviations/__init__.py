"""Deviations: what stands out from the plan is found, has an owner and a day, and is closed by a person."""

from programme.deviations.finding import find
from programme.deviations.registry import Cause, register_finder

__all__ = ["Cause", "find", "register_finder"]

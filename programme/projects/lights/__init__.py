"""Lights of a project: each dimension computed by stated thresholds, and stated otherwise with a reason for a time."""

from programme.projects.lights.calculations import Computed, Pushed
from programme.projects.lights.registry import register_light, register_pushed
from programme.projects.lights.selectors import Shown, lights_of

__all__ = ["Computed", "Pushed", "Shown", "lights_of", "register_light", "register_pushed"]

"""Who computes which light: each app says for its own dimension, for many projects at once.

    register_light(Dimension.SAVINGS, function)          in `AppConfig.ready()` or a module it imports

`function(programme, projects)` answers {project id: Computed} in a number of statements that does not grow with the
projects. Whoever knows of delays that come through links adds them to the schedule with `register_pushed`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from programme.models import Dimension, Programme, Project
from programme.projects.lights.calculations import Computed, Pushed

LightFunction = Callable[[Programme, Sequence[Project]], Mapping[int, Computed]]
PushedFunction = Callable[[Programme, Sequence[Project]], Mapping[int, Pushed]]

_LIGHTS: dict[str, LightFunction] = {}
_PUSHED: list[PushedFunction] = []


def register_light(dimension: str, function: LightFunction) -> None:
    """Names the function that computes the light of a dimension; there is one for each."""
    if dimension in _LIGHTS:
        raise ValueError(f"The light {dimension} is computed already.")
    _LIGHTS[str(dimension)] = function


def register_pushed(function: PushedFunction) -> None:
    """Adds what links push: `function(programme, projects)` answers the worst delay of each project by its id."""
    _PUSHED.append(function)


def dimensions() -> list[str]:
    """The dimensions that somebody computes, in the order of the model."""
    return [str(one) for one in Dimension.values if one in _LIGHTS]


def computed_by(dimension: str, programme: Programme, projects: Sequence[Project]) -> Mapping[int, Computed]:
    return _LIGHTS[dimension](programme, projects)


def pushed_of(programme: Programme, projects: Sequence[Project]) -> dict[int, Pushed]:
    """The worst push of each project over everybody who told of one."""
    worst: dict[int, Pushed] = {}
    for function in _PUSHED:
        for pk, pushed in function(programme, projects).items():
            if pk not in worst or pushed.days > worst[pk].days:
                worst[pk] = pushed
    return worst

"""Typed parameters: defaults in code, values from a day on in `Setting` rows (decision 18).

A value for a programme (scope = its slug) goes before one for the whole portal (scope ""), whatever
their days; within a scope the latest that has begun holds.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.db.models import Q

from core.models import Setting

T = TypeVar("T")
PORTAL = ""


class BadParameter(ValueError):
    """A stored value does not have the type of its parameter."""


@dataclass(frozen=True)
class Parameter(Generic[T]):
    """One parameter: its key, its value where nobody set another, and what it is for."""

    key: str
    default: T
    read: Callable[[Any], T]
    about: str


REGISTRY: dict[str, Parameter[Any]] = {}


def _register(parameter: Parameter[T]) -> Parameter[T]:
    if parameter.key in REGISTRY:
        raise ValueError(f"The parameter {parameter.key} is defined twice.")
    REGISTRY[parameter.key] = parameter
    return parameter


def whole(key: str, default: int, about: str) -> Parameter[int]:
    """A whole number; cents and days are these."""
    return _register(Parameter(key, default, _whole, about))


def share(key: str, default: str, about: str) -> Parameter[Decimal]:
    """A decimal number, stored as text so that no float comes between."""
    return _register(Parameter(key, Decimal(default), _decimal, about))


def choice(key: str, default: str, about: str, *, of: tuple[str, ...]) -> Parameter[str]:
    """One of a few words."""

    def read(value: Any) -> str:
        if value not in of:
            raise BadParameter(f"{key} must be one of {', '.join(of)}, not {value!r}.")
        return str(value)

    return _register(Parameter(key, default, read, about))


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadParameter(f"{value!r} is not a whole number.")
    return value


def _decimal(value: Any) -> Decimal:
    if not isinstance(value, str):
        raise BadParameter(f"{value!r} is not a decimal number written as text.")
    try:
        return Decimal(value)
    except ArithmeticError as error:
        raise BadParameter(f"{value!r} is not a decimal number.") from error


class Parameters:
    """The values that hold in a programme on a day, read with one query."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __getitem__(self, parameter: Parameter[T]) -> T:
        if parameter.key not in self._values:
            return parameter.default
        return parameter.read(self._values[parameter.key])


def read_parameters(scope: str, on: dt.date) -> Parameters:
    """Parameters of a programme's slug, or of the whole portal for "", on the day."""
    rows = Setting.objects.filter(Q(scope=PORTAL) | Q(scope=scope), valid_from__lte=on)
    ordered = rows.order_by("scope", "valid_from").values_list(
        "key", "value"
    )  # "" sorts first, the latest last
    return Parameters(dict(ordered))


def parameters_of(programme: Any, on: dt.date | None = None) -> Parameters:
    """Parameters of the programme on its own day (or `on`), read once for each programme object."""
    day = on or programme.today()
    kept: dict[dt.date, Parameters] = programme.__dict__.setdefault("_parameters", {})
    if day not in kept:
        kept[day] = read_parameters(programme.slug, day)
    return kept[day]

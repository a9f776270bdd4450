"""Typed parameters: defaults in code, values from a day on in `Setting` rows (decision 18).

A value for a programme (scope = its slug) goes before one for the whole portal (scope ""), whatever
their days; within a scope the latest that has begun holds.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.db.models import Q
from django.utils.functional import Promise

from core.models import Setting
from core.statements import Statement

T = TypeVar("T")
Words = str | Promise
PORTAL = ""


class BadParameter(ValueError):
    """A stored value does not have the type of its parameter."""


@dataclass(frozen=True)
class Parameter(Generic[T]):
    """One parameter: its key, its value where nobody set another, and what it is for.

    The rest says how people set it (programme/forms/parameters.py): the page's `section`, its name there,
    the unit beside the field, the ends of what is sensible, and a form field of its own where a plain one
    of its `kind` does not do.
    """

    key: str
    default: T
    read: Callable[[Any], T]
    about: Words
    kind: str = "whole"
    label: Words = ""
    section: str = "general"
    unit: Words = ""
    lowest: Any = None
    highest: Any = None
    choices: tuple[tuple[str, Words], ...] = ()
    form_field: Callable[..., Any] | None = field(default=None, compare=False)


REGISTRY: dict[str, Parameter[Any]] = {}


def _register(parameter: Parameter[T]) -> Parameter[T]:
    if parameter.key in REGISTRY:
        raise ValueError(f"The parameter {parameter.key} is defined twice.")
    REGISTRY[parameter.key] = parameter
    return parameter


def whole(key: str, default: int, about: Words, **shown: Any) -> Parameter[int]:
    """A whole number; cents and days are these."""
    return _register(Parameter(key, default, _whole, about, kind="whole", **shown))


def share(key: str, default: str, about: Words, **shown: Any) -> Parameter[Decimal]:
    """A decimal number, stored as text so that no float comes between."""
    return _register(Parameter(key, Decimal(default), _decimal, about, kind="share", **shown))


def choice(
    key: str, default: str, about: Words, *, of: tuple[str, ...], labels: tuple[Words, ...] = (), **shown: Any
) -> Parameter[str]:
    """One of a few words; `labels` are what people read for them, in the same order."""

    def read(value: Any) -> str:
        if value not in of:
            raise BadParameter(f"{key} must be one of {', '.join(of)}, not {value!r}.")
        return str(value)

    choices = tuple(zip(of, labels or of, strict=True))
    return _register(Parameter(key, default, read, about, kind="choice", choices=choices, **shown))


def text(key: str, default: str, about: Words, **shown: Any) -> Parameter[str]:
    """A short text, for example a colour; `form_field` checks what is typed."""
    return _register(Parameter(key, default, _text, about, kind="text", **shown))


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


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise BadParameter(f"{value!r} is not a text.")
    return value


class Parameters:
    """The values that hold in a programme on a day, read with one query."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __getitem__(self, parameter: Parameter[T]) -> T:
        if parameter.key not in self._values:
            return parameter.default
        return parameter.read(self._values[parameter.key])


_HOLDING = Statement(
    # "" sorts first, the latest last
    lambda scope, day: Setting.objects.filter(Q(scope=PORTAL) | Q(scope=scope), valid_from__lte=day).order_by(
        "scope", "valid_from"
    )
)


def read_parameters(scope: str, on: dt.date) -> Parameters:
    """Parameters of a programme's slug, or of the whole portal for "", on the day."""
    return Parameters({row.key: row.value for row in _HOLDING.all(scope=scope, day=on)})


def parameters_of(programme: Any, on: dt.date | None = None) -> Parameters:
    """Parameters of the programme on its own day (or `on`), read once for each programme object."""
    day = on or programme.today()
    kept: dict[dt.date, Parameters] = programme.__dict__.setdefault("_parameters", {})
    if day not in kept:
        kept[day] = read_parameters(programme.slug, day)
    return kept[day]

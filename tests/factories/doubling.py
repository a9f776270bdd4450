"""Makes every row of a programme a second time, so that tests can count what a page asks the database."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model

from core.models import Row
from programme.models import Programme

#: One a programme, or not a row that pages list.
NOT_DOUBLED = {"programme.RoleGrant", "programme.LoadedRow", "strategy.SeasonCycle", "risks.EscalationLevel"}
READABLE = ("programme", "kpis", "risks", "strategy")


def double(programme: Programme, app_labels: Iterable[str] = READABLE) -> int:
    """Copies every row of these apps with its links; keys get a tail, numbers move up. Rows made."""
    copies: dict[tuple[type[Model], int], int] = {}
    made = 0
    for model in _in_order(tuple(app_labels)):
        for row in model._default_manager.filter(programme=programme).order_by("pk"):
            old = row.pk
            _become_new(row, copies)
            row.save()
            copies[model, old] = row.pk
            made += 1
    return made


def _become_new(row: Any, copies: dict[tuple[type[Model], int], int]) -> None:
    row.pk, row._state.adding = None, True
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if isinstance(field, ForeignKey):
            new = copies.get((field.related_model, value))
            if new is not None:
                setattr(row, field.attname, new)
        elif field.name in {"key", "slug"}:
            setattr(row, field.name, f"{value}-copy")
        elif field.name == "number" and isinstance(value, int):
            row.number = value + 100


def _in_order(app_labels: tuple[str, ...]) -> list[Any]:
    """The row models, each after those it points to."""
    wanted = [
        model
        for label in app_labels
        for model in apps.get_app_config(label).get_models()
        if issubclass(model, Row) and model._meta.label not in NOT_DOUBLED
    ]
    ordered: list[Any] = []
    while wanted:
        ready = [model for model in wanted if not (_targets(model) - {model}) & set(wanted)]
        if not ready:
            raise AssertionError(f"Models point at each other in a circle: {wanted}")
        ordered += ready
        wanted = [model for model in wanted if model not in ready]
    return ordered


def _targets(model: Any) -> set[Any]:
    return {field.related_model for field in model._meta.concrete_fields if isinstance(field, ForeignKey)}

"""Everything that stands in the two files is found in the database, or refuses the file when it is changed."""

import copy
import json
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain
from typing import Any

import pytest
from django.apps import apps
from pydantic import ValidationError

from core.models import Row
from programme.loading.format import ProgrammeFile
from programme.loading.problems import Path
from programme.loading.reader import normalise, plan_rows
from programme.loading.reading import read
from programme.loading.storing import as_json
from tests.factories.programme import BOTH, file_of

#: Values that have no row of their own, and why. `*` stands for any one step.
NOT_STORED = {
    ("schema_version",): "names the format of the file, not a fact",
    ("control_totals", "*"): "checked while loading",
    ("funding", "stabilisation", "allocations", "*", "eur_m_low"): "checked: share x total",
    ("funding", "stabilisation", "allocations", "*", "eur_m_high"): "checked: share x total",
    ("programme", "deficit_target", "unit"): "amounts are stored as cents",
    ("programme", "annual_targets", "*", "unit"): "amounts are stored as cents",
    ("funding", "stabilisation", "unit"): "amounts are stored as cents",
    ("savings", "unit"): "amounts are stored as cents",
    ("monitoring", "metrics", "*", "baseline", "date"): "stored as year and month",
}


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every scalar of a file that says something; null says nothing."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    elif value is not None:
        yield path, value


def is_stored(path: Path) -> bool:
    return not any(
        len(pattern) == len(path) and all(p in ("*", step) for p, step in zip(pattern, path, strict=True))
        for pattern in NOT_STORED
    )


def scalars(value: Any) -> Iterator[Any]:
    """Scalars of a database value, those inside JSON too."""
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        yield from chain.from_iterable(map(scalars, value))
    else:
        yield value


def everything_of(programme: Any) -> tuple[set[str], set[Decimal]]:
    """All texts and all numbers in the rows of a programme."""
    rows: list[Any] = [programme, programme.organisation]
    for model in apps.get_models():
        if issubclass(model, Row):
            rows += model._base_manager.filter(programme=programme)
    texts, numbers = set(), set()
    for row in rows:
        for field in row._meta.concrete_fields:
            if field.is_relation or field.name in {"id", "version", "position"}:
                continue
            for value in scalars(getattr(row, field.attname)):
                if isinstance(value, bool) or value in (None, ""):
                    continue
                if isinstance(value, int | Decimal | float):
                    numbers.add(Decimal(str(value)))
                else:
                    text = value if isinstance(value, str) else value.isoformat()
                    texts |= {text, text.rpartition("/")[2]} if field.name == "key" else {text}
    return texts, numbers


@pytest.mark.parametrize("name", BOTH)
def test_every_value_of_the_file_is_in_the_database(both, name):
    texts, numbers = everything_of(both[name])
    in_notes = [text for text in texts if " · " in text]

    def is_there(value: Any) -> bool:
        if isinstance(value, bool):
            return True  # the test below finds what each of them changes
        if isinstance(value, int | Decimal):
            cents = Decimal(value) * 10**8
            return bool({Decimal(value), cents, -cents} & numbers) or str(value) in texts
        return value in texts or any(value in text for text in in_notes)

    missing = [
        (path, value)
        for path, value in leaves(read(file_of(name).read_bytes()).values)
        if is_stored(path) and not is_there(value)
    ]

    assert missing == []


def other_value(value: Any) -> Any:
    """A value of the same type that is not the same."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | Decimal):
        return value + 1
    return f"{value}x"


def is_prose(path: Path, value: Any) -> bool:
    """A text that may say anything: all of these are changed at once, which is quick."""
    return isinstance(value, str) and " " in value and path != ("savings", "sign")


@pytest.mark.parametrize("name", BOTH)
def test_changing_any_value_of_the_file_changes_a_row_or_is_refused(name):
    source = read(file_of(name).read_bytes())
    assert normalise(source) == []
    everything = list(leaves(copy.deepcopy(source.values)))
    prose = [path for path, value in everything if is_prose(path, value)]

    def rows() -> str | None:
        try:
            plan = plan_rows(ProgrammeFile.model_validate(source.values), source)
        except ValidationError:
            return None
        if plan.problems:
            return None
        return json.dumps([[s.model, s.key, {k: as_json(v) for k, v in s.values.items()}] for s in plan.rows])

    before = rows()
    unnoticed = []
    for path, value in everything:
        if is_prose(path, value):
            continue
        source.at(path[:-1])[path[-1]] = other_value(value)
        if rows() == before:
            unnoticed.append(path)
        source.at(path[:-1])[path[-1]] = value
    for index, path in enumerate(prose):
        source.at(path[:-1])[path[-1]] += f" [{index}]"
    after = rows()

    assert before is not None and after is not None
    assert unnoticed == []
    assert [path for index, path in enumerate(prose) if f" [{index}]" not in after] == []

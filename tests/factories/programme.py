"""Programmes loaded from files, and single rows of programme facts."""

from pathlib import Path
from typing import Any

from programme.loading.storing import LoadResult
from programme.models import Goal, Programme, Statement, Theme
from programme.services import load_programme
from tests.factories.accounts import make_programme

DATA = Path(__file__).resolve().parents[2] / "programme" / "data"
EXAMPLES = Path(__file__).resolve().parents[1] / "data"
BOTH = ("kymenlaakso", "etela-karjala")


def file_of(name: str) -> Path:
    """The file of one of the two real programmes, or an example of the tests."""
    real = DATA / f"{name}.yaml"
    return real if real.exists() else EXAMPLES / f"{name}.yaml"


def load(name: str, *, by: Any = None) -> LoadResult:
    """Loads a programme by the name of its file."""
    path = file_of(name)
    return load_programme(data=path.read_bytes(), file_name=path.name, by=by)


def make_theme(programme: Programme | None = None, **fields: Any) -> Theme:
    programme = programme or make_programme("ohjelma")
    return Theme.objects.create(
        programme=programme, **({"key": "t1", "number": 1, "name_fi": "Teema"} | fields)
    )


def make_goal(theme: Theme | None = None, **fields: Any) -> Goal:
    theme = theme or make_theme()
    own = {"programme": theme.programme, "theme": theme, "key": "g1", "number": 1, "name_fi": "Tavoite"}
    return Goal.objects.create(**(own | fields))


def make_statement(programme: Programme | None = None, **fields: Any) -> Statement:
    programme = programme or make_programme("ohjelma")
    own = {"programme": programme, "kind": "challenge", "key": "s1", "name_fi": "Väite"}
    return Statement.objects.create(**(own | fields))

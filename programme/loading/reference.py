"""The reference of `docs/programme-file.md`, made from the classes that read the file.

`python -m programme.loading.reference` writes it anew between its two marks; a test keeps it true.
"""

import datetime as dt
import sys
import types
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from programme.loading import format as file_format
from programme.loading import values
from programme.loading.format import ProgrammeFile
from programme.loading.values import Text

START, END = "<!-- reference: generated -->", "<!-- reference: end -->"
DOCUMENT = Path("docs/programme-file.md")

_ALIASES = {
    id(alias): words
    for alias, words in (
        (values.Number, "number"), (values.Share, "number 0-100"), (values.Day, "day `2023-06-20`"),
        (values.Year, "year"), (values.Count, "whole number"), (values.Small, "whole number"), (values.Key, "key"),
        (values.Line, "line"), (values.Prose, "prose"), (values.Mark, "page"), (values.Period, "month or year"),
        (values.Cell, "cell"), (values.MoneyUnit, "money unit"), (values.Language, "`fi`, `sv` or `en`"),
    )
}  # fmt: skip
_PLAIN = {str: "line", int: "whole number", bool: "`true` or `false`", Decimal: "number", dt.date: "day"}
#: Keys that stand on most mappings: one line for all of them.
_SHARED = (
    (("fi", "sv", "en"), "| `fi`, `sv`, `en` | prose | at least one of a name | the name or text in each language |"),
    (
        ("confidence", "note", "page"),
        "| `confidence`, `note`, `page` | prose, prose, page |  | where it comes from and how sure it is |",
    ),
)  # fmt: skip


def reference() -> str:
    """The tables of all mappings, the file itself first."""
    seen: list[type[BaseModel]] = []
    waiting: list[type[BaseModel]] = [ProgrammeFile]
    while waiting:
        part = waiting.pop(0)
        if part in seen or part is Text:
            continue
        seen.append(part)
        waiting += [found for field in part.model_fields.values() for found in _parts(field.annotation)]
    return "\n\n".join(_table(part) for part in seen) + "\n"


def _parts(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _parts(inner)


def _title(part: type[BaseModel]) -> str:
    return "The file" if part is ProgrammeFile else part.__name__


def _table(part: type[BaseModel]) -> str:
    said = " ".join((part.__doc__ or "").split())
    lines = [f"### {_title(part)}", "", said, "", "| key | value | required | meaning |", "|---|---|---|---|"]
    lines += [row for names, row in _SHARED if set(names) <= set(part.model_fields)]
    shared = {name for names, _ in _SHARED if set(names) <= set(part.model_fields) for name in names}
    for name, field in part.model_fields.items():
        if name == "plain" or name in shared:
            continue
        required = "yes" if field.is_required() else ""
        shown = _kind(_annotation(part, name), field.annotation)
        lines.append(f"| `{field.alias or name}` | {shown} | {required} | {field.description} |")
    return "\n".join(lines)


def _annotation(part: type[BaseModel], name: str) -> Any:
    """The annotation as it is written, with its alias; from the class that declares it."""
    for parent in part.__mro__:
        if name in parent.__dict__.get("__annotations__", {}):
            return parent.__dict__["__annotations__"][name]
    raise KeyError(name)


def _kind(written: Any, resolved: Any) -> str:
    if isinstance(written, str):
        written = resolved
    if id(written) in _ALIASES:
        return _ALIASES[id(written)]
    for alias, words in _ALIASES.items():
        if any(id(inner) == alias for inner in get_args(written)) and type(None) in get_args(written):
            rest = [a for a in get_args(written) if a is not type(None)]
            return " or ".join(words if id(a) == alias else _one(a) for a in rest)
    return _one(written)


def _one(annotation: Any) -> str:
    if id(annotation) in _ALIASES:
        return _ALIASES[id(annotation)]
    origin, inner = get_origin(annotation), get_args(annotation)
    if annotation is None or annotation is type(None):
        return "null"
    if origin is Annotated:
        return _one(inner[0])
    if origin is Literal:
        return ", ".join(f"`{value}`" for value in inner)
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(_one(arg) for arg in inner if arg is not type(None)))
    if origin is list:
        return f"list of {_one(inner[0])}"
    if origin is dict:
        return f"mapping of {_one(inner[0])} to {_one(inner[1])}"
    if annotation is Text:
        return "text"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    return _PLAIN.get(annotation, "value")


def with_reference(document: str) -> str:
    """The document with its generated part made anew."""
    before, _, rest = document.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n\n{reference()}\n{END}{after}"


if __name__ == "__main__":
    assert file_format is not None
    DOCUMENT.write_text(with_reference(DOCUMENT.read_text()))
    sys.stdout.write(f"{DOCUMENT} is up to date\n")

"""YAML text to plain values with the line of each, so that every complaint can name one.

Numbers are read from their source text: 0.2 is exactly Decimal("0.2"), never a float. Dates stay
text. Tags that would build objects are refused.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml

from programme.loading.problems import Path, Problem, ProgrammeFileError

#: A programme file of two hundred pages is a tenth of this.
MAX_BYTES = 2_000_000
MAX_VALUES = 100_000

_PREFIX = "tag:yaml.org,2002:"
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?[0-9]+\.[0-9]+")
#: Escapes such as "\\0" and "\\ud800" make these; a database stores neither.
_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_YES = {"true", "True", "TRUE"}
_NO = {"false", "False", "FALSE"}


@dataclass
class Source:
    """The values of a file, and the line of every key and list item by its path."""

    values: dict[str, Any]
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """Line of the path, or of the nearest thing around it."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path[:-1]
        return 1

    def rename(self, path: Path, new_key: str) -> None:
        """Gives the value at `path` another key in its mapping; lines go with it."""
        parent = self.at(path[:-1])
        parent[new_key] = parent.pop(path[-1])
        target = (*path[:-1], new_key)
        for old in [p for p in self.lines if p[: len(path)] == path]:
            self.lines[(*target, *old[len(path) :])] = self.lines.pop(old)

    def at(self, path: Path) -> Any:
        value: Any = self.values
        for step in path:
            value = value[step]
        return value


def read(data: bytes) -> Source:
    """Raises ProgrammeFileError for anything that is not one plain YAML mapping."""
    text = _decoded(data)
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = " ".join(part for part in (error.context, error.problem) if part)
        raise ProgrammeFileError([Problem(mark.line + 1 if mark else 1, f"not YAML: {reason}")]) from error
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise ProgrammeFileError(
            [Problem(line, "not YAML: a character that may not stand in a text file")]
        ) from error
    except RecursionError as error:
        raise ProgrammeFileError([Problem(1, "not YAML: nested too deeply")]) from error
    if not isinstance(node, yaml.MappingNode):
        raise ProgrammeFileError([Problem(1, "the file must be a mapping of keys")])
    reader = _Reader()
    try:
        values = reader.value(node, ())
    except RecursionError as error:
        raise ProgrammeFileError([Problem(1, "not YAML: a value that contains itself")]) from error
    if reader.problems:
        raise ProgrammeFileError(reader.problems)
    return Source(values, reader.lines)


def _decoded(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise ProgrammeFileError([Problem(1, f"the file is larger than {MAX_BYTES // 1_000_000} MB")])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ProgrammeFileError([Problem(line, "the file is not UTF-8 text")]) from error


class _Reader:
    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self.problems: list[Problem] = []
        self.count = 0

    def value(self, node: yaml.Node, path: Path) -> Any:
        self.count += 1
        if self.count > MAX_VALUES:
            raise ProgrammeFileError([Problem(node.start_mark.line + 1, f"more than {MAX_VALUES} values")])
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.item(child, (*path, i)) for i, child in enumerate(node.value)]
        return self.scalar(node)

    def item(self, node: yaml.Node, path: Path) -> Any:
        self.lines[path] = node.start_mark.line + 1
        return self.value(node, path)

    def mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.problems.append(Problem(line, "a key must be a plain word"))
                continue
            key = key_node.value
            if key in result:
                first = self.lines[(*path, key)]
                self.problems.append(Problem(line, f"key {key!r} is written twice (first on line {first})"))
                continue
            self.lines[(*path, key)] = line
            result[key] = self.value(value_node, (*path, key))
        return result

    def scalar(self, node: yaml.Node) -> Any:
        text, kind = node.value, node.tag.removeprefix(_PREFIX)
        if _UNSTORABLE.search(text):
            self.problems.append(Problem(node.start_mark.line + 1, "the text holds a control character"))
            return None
        if kind == "null":
            return None
        if kind == "bool" and text in _YES | _NO:
            return text in _YES
        if kind == "int" and _INTEGER.fullmatch(text):
            return int(text)
        if kind == "float" and _DECIMAL.fullmatch(text):
            return Decimal(text)
        if kind in {"str", "bool", "int", "timestamp", "value"}:
            return text  # "yes", 10:30 and dates are text here
        line = node.start_mark.line + 1
        if kind == "float":
            self.problems.append(Problem(line, f"{text!r} is not a plain decimal number"))
        else:
            self.problems.append(Problem(line, f"the tag {node.tag!r} is not allowed"))
        return None

"""From bytes to a plan of rows, with every complaint at once."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from pydantic import ValidationError

from programme.loading import checks, rows
from programme.loading.format import ProgrammeFile
from programme.loading.plan import Plan, builders
from programme.loading.problems import Path, Problem, ProgrammeFileError
from programme.loading.reading import Source, read

_RENAMED = (
    (r"in_budget_\d{4}", "in_base"),
    (r"in_budget_\d{4}_check", "in_base_check"),
    (r"effect_on_costs_beyond_budget_\d{4}", "beyond_base"),
)
_ROLES = ((r"base|budget_\d{4}", "base"), (r"later|target(_.*)?", "later"), (r"total", "total"))


def parse(data: bytes) -> tuple[ProgrammeFile, Plan]:
    """The file and the rows it makes. Raises ProgrammeFileError with all problems that were found."""
    source = read(data)
    problems = normalise(source)
    try:
        document = ProgrammeFile.model_validate(source.values)
    except ValidationError as error:
        raise ProgrammeFileError([*problems, *_explained(error, source)]) from error
    if problems:
        raise ProgrammeFileError(problems)
    plan = plan_rows(document, source)
    if plan.problems:
        raise ProgrammeFileError(plan.problems)
    return document, plan


def plan_rows(document: ProgrammeFile, source: Source) -> Plan:
    """The rows of all apps, with the problems found while checking and making them."""
    facts = document.programme
    approved = facts.approval.date if facts.approval else None
    plan = Plan(source, document.plain_text_language, approved or dt.date(facts.period.start, 1, 1))
    checks.check(document, plan)
    rows.build(document, plan)
    for builder in builders():
        builder(document, plan)
    plan.check_refs()
    return plan


# ------------------------------------------------------------------------------------------ other spellings


def normalise(source: Source) -> list[Problem]:
    """Gives keys that carry a year or a column's name their plain names."""
    problems: list[Problem] = []
    facts = source.values.get("programme")
    if isinstance(facts, dict):
        for key in list(facts):
            for pattern, plain in _RENAMED:
                if re.fullmatch(pattern, key):
                    _rename(source, ("programme", key), plain, problems)
    savings = source.values.get("savings")
    if isinstance(savings, dict):
        _normalise_columns(source, savings, problems)
    baseline = source.values.get("baseline")
    if isinstance(baseline, dict):
        _normalise_baseline(source, baseline, problems)
    return problems


def _rename(source: Source, path: Path, plain: str, problems: list[Problem]) -> None:
    if path[-1] == plain:
        return
    if plain in source.at(path[:-1]):
        problems.append(
            Problem(source.line(path), f"{path[-1]!r} says the same as {plain!r}, which is there too")
        )
        return
    source.rename(path, plain)


def _normalise_columns(source: Source, savings: dict[str, Any], problems: list[Problem]) -> None:
    """Rows name columns by the keys of `columns`; here they become base, later and total."""
    columns = savings.get("columns")
    names: dict[str, str] = {}
    for index, column in enumerate(columns if isinstance(columns, list) else []):
        if not isinstance(column, dict) or not isinstance(column.get("key"), str):
            continue
        role = column.get("role") or next((r for p, r in _ROLES if re.fullmatch(p, column["key"])), None)
        line = source.line(("savings", "columns", index))
        if role is None:
            problems.append(Problem(line, "give the column a role: base, later or total"))
        elif role in names.values():
            problems.append(Problem(line, f"a second column has the role {role!r}"))
        else:
            names[column["key"]] = role
            column["role"] = role
    places: list[Path] = [("savings", "total")]
    for section in ("by_cost_type", "by_sector"):
        parts = savings.get(section)
        places += [("savings", section, i) for i in range(len(parts))] if isinstance(parts, list) else []
    for place in places:
        mapping = (
            source.at(place) if place[-1] in source.at(place[:-1]) or isinstance(place[-1], int) else None
        )
        for key in list(mapping) if isinstance(mapping, dict) else []:
            if key in names:
                _rename(source, (*place, key), names[key], problems)


def _normalise_baseline(source: Source, baseline: dict[str, Any], problems: list[Problem]) -> None:
    if "peer_comparison" in baseline and "peer_comparison" not in source.values:
        source.values["peer_comparison"] = baseline.pop("peer_comparison")
        for path in [p for p in source.lines if p[:2] == ("baseline", "peer_comparison")]:
            source.lines[path[1:]] = source.lines.pop(path)
    for name, group in baseline.items():
        items, path = (group, ("baseline", name))
        if isinstance(group, dict):
            items, path = group.get("items"), ("baseline", name, "items")
        for index, fact in enumerate(items if isinstance(items, list) else []):
            for key in list(fact) if isinstance(fact, dict) else []:
                if match := re.fullmatch(r"change_from_(\d{4})_pct", key):
                    place = (*path, index)
                    _rename(source, (*place, key), "change", problems)
                    fact["change"] = {"from_year": int(match[1]), "percent": fact["change"]}


# ------------------------------------------------------------------------------------------ reasons

_TYPES = {
    "string_type": "write text here",
    "int_type": "write a whole number here",
    "bool_type": "write true or false here",
    "list_type": "write a list here",
    "dict_type": "write a mapping here",
    "model_type": "write a mapping here",
    "model_attributes_type": "write a mapping here",
    "decimal_type": "write a number here",
    "is_instance_of": "write a number here",
    "none_required": "leave this empty (null)",
    "string_too_short": "the text is empty",
    "finite_number": "write a plain number here",
}


def _explained(error: ValidationError, source: Source) -> list[Problem]:
    """One problem for each place; of a value that fits none of several forms, all forms are named once."""
    found: dict[Path, list[tuple[int, str]]] = {}
    for item in error.errors(include_url=False):
        path, line = _place(item, source)
        found.setdefault(path, []).append((line, _reason(item)))
    problems = []
    for reasons in found.values():
        texts = list(dict.fromkeys(text for _, text in reasons))
        problems.append(Problem(reasons[0][0], " or ".join(texts)))
    return problems


def _place(item: Any, source: Source) -> tuple[Path, int]:
    """The longest part of the location that the file has (pydantic adds names of forms), and its line."""
    location: Path = tuple(item["loc"])
    if item["type"] == "missing":
        return location, source.line(_known(location[:-1], source))
    path = _known(location, source)
    return path, source.line(path)


def _known(location: Path, source: Source) -> Path:
    path: Path = ()
    for step in location:
        if (*path, step) in source.lines:
            path = (*path, step)
    return path


def _reason(item: Any) -> str:
    kind, context, value = item["type"], item.get("ctx", {}), item["input"]
    name = item["loc"][-1] if item["loc"] else ""
    if kind == "extra_forbidden":
        return f"unknown key {name!r}"
    if kind == "missing":
        return f"key {name!r} is missing"
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        return f"write {context['expected']}, not {value!r}"
    if kind == "string_pattern_mismatch":
        return f"{value!r} has the wrong form (pattern {context['pattern']})"
    if kind == "string_too_long":
        return f"the text is longer than {context['max_length']} characters"
    if kind in _TYPES:
        return (
            _TYPES[kind]
            if isinstance(value, dict | list) or value is None
            else f"{_TYPES[kind]}, not {value!r}"
        )
    return f"{item['msg'][0].lower()}{item['msg'][1:]} (found {value!r})"

"""Finds where user text could become live: `python scripts/markup.py` lists each place and ends with 1.

In templates: `|safe`, `safeseq`, autoescape off (but in mails, which are plain text), inline handlers, styles and
scripts. In Python: `mark_safe`, `SafeString`, and `format_html` whose markup is not a constant. In our scripts: `eval`,
`document.write`, and handlers as text. A function that was read and found right stands in REVIEWED with the reason.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = (
    "accounts",
    "config",
    "core",
    "kpis",
    "measures",
    "programme",
    "reporting",
    "risks",
    "strategy",
    "bench",
)
#: `file::function` -> why what it marks is safe. Read the function anew when it changes.
REVIEWED = {
    "core/templatetags/charts.py::chart": "core/charts escapes every text it writes; JSON is translated",
    "core/templatetags/charts.py::chart_svg": "core/charts escapes every text it writes",
    "core/templatetags/charts.py::stage_bar": "core/charts escapes every text it writes",
    "core/templatetags/charts.py::spark": "core/charts escapes every text it writes",
    "core/widgets.py::render": "every value and label is escaped, attributes by flatatt",
    "kpis/cards.py::write_cards": "names, units, rules, owners and notices are escaped; the rest is figures",
    "kpis/cards.py::change_of": "a word of the catalogue and a figure",
    "kpis/charts.py::wall_spark": "numbers alone",
    "kpis/charts.py::strip_svg": "core/charts/drawing escapes every text it writes",
    "kpis/templatetags/catalogue.py::safe_text": "kpis.sotkanet.texts cleaned it before it was stored",
    "measures/list_rows.py::rows_html": "joins rows whose texts are escaped one by one",
    "measures/list_rows.py::part_html": "the part is safe, the code is capitals, digits, dots and dashes",
    "measures/list_rows.py::_owner": "a word of the catalogue",
    "measures/list_rows.py::_dates": "two dates",
    "measures/list_rows.py::_confidence": "words of the catalogue",
    "measures/templatetags/months.py::month_cells": "joins cells made by format_html",
    "programme/projects/gantt/pages.py::gantt_of": "the figure escapes every text it writes",
    "programme/projects/gantt/roadmap.py::roadmap_of": "the figure escapes every text it writes",
    "programme/projects/gantt/table.py::body": "names, typed texts and errors are escaped; words are the catalogue's",
}

TEMPLATE_RULES = {
    "the filter safe": re.compile(r"\|\s*safe(seq)?\b"),
    "autoescape off": re.compile(r"{%\s*autoescape\s+off"),
    "an inline handler": re.compile(r"<[^>{}]*\s(?:on[a-z]+|hx-on[:\w-]*)\s*=", re.IGNORECASE),
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=|<style\b", re.IGNORECASE),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)[^>]*>", re.IGNORECASE),
    "an address of a script": re.compile(r"(?:href|src|action)\s*=\s*[\"']?\s*javascript:", re.IGNORECASE),
    "javascript in htmx": re.compile(
        r"hx-vals\s*=\s*[\"']js:|hx-trigger\s*=\s*[\"'][^\"']*\[", re.IGNORECASE
    ),
}
SCRIPT_RULES = {
    "eval": re.compile(r"\beval\s*\(|new Function\s*\("),
    "document.write": re.compile(r"document\.write"),
    "a handler as text": re.compile(r"setAttribute\(\s*[\"']on"),
    "a timer on text": re.compile(r"set(?:Timeout|Interval)\(\s*[\"'`]"),
}
SAFE_NAMES = {"mark_safe", "SafeString", "SafeText"}


def in_text(text: str, rules: dict[str, re.Pattern[str]]) -> Iterator[tuple[int, str]]:
    """(line, rule) of each place in a template or script."""
    for number, line in enumerate(text.splitlines(), 1):
        yield from ((number, rule) for rule, pattern in rules.items() if pattern.search(line))


def in_python(text: str, file: str = "") -> Iterator[tuple[int, str]]:
    """(line, rule) of each place in a module; functions that were reviewed are left out."""
    yield from _in_node(ast.parse(text), file, "")


def _in_node(node: ast.AST, file: str, function: str) -> Iterator[tuple[int, str]]:
    for child in ast.iter_child_nodes(node):
        named = child.name if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else function
        if isinstance(child, ast.Call) and f"{file}::{named}" not in REVIEWED:
            found = _rule_broken(child)
            if found:
                yield child.lineno, found
        yield from _in_node(child, file, named)


def _rule_broken(call: ast.Call) -> str:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in SAFE_NAMES:
        return f"a call of {name}"
    if name not in {"format_html", "format_html_join"}:
        return ""
    markup = call.args[:1] if name == "format_html" else call.args[:2]
    if not markup or not all(_is_constant(part) for part in markup):
        return f"{name} whose markup is put together"
    if name == "format_html" and len(call.args) == 1 and not call.keywords:
        return "format_html with nothing to put in"
    return ""


def _is_constant(node: ast.AST) -> bool:
    """A text, or the name of one: a constant of the module is written in capitals."""
    return isinstance(node, ast.Constant) or isinstance(node, ast.Name) and node.id.isupper()


def places(root: Path = ROOT) -> list[str]:
    """Every place in the tree, as `file:line: rule`."""
    found = []
    for path in sorted((root / "templates").rglob("*.html")):
        found += [(path, *place) for place in in_text(path.read_text(), TEMPLATE_RULES)]
    for path in sorted((root / "static" / "js").rglob("*.js")):
        found += [(path, *place) for place in in_text(path.read_text(), SCRIPT_RULES)]
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            if "migrations" not in path.parts:
                found += [
                    (path, *place) for place in in_python(path.read_text(), str(path.relative_to(root)))
                ]
    return [f"{path.relative_to(root)}:{line}: {rule}" for path, line, rule in found]


if __name__ == "__main__":
    given = places()
    print("\n".join(given))
    sys.exit(bool(given))

"""The check that bans live markup finds each way of writing it, and finds none in the tree."""

import importlib.util
from pathlib import Path

import pytest

from config import env

_spec = importlib.util.spec_from_file_location("markup", env.BASE_DIR / "scripts" / "markup.py")
assert _spec and _spec.loader
markup = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(markup)


def test_nothing_in_the_tree_is_live() -> None:
    assert markup.places() == []


def test_every_reviewed_function_is_still_there() -> None:
    for place in markup.REVIEWED:
        file, _separator, function = place.partition("::")
        text = (env.BASE_DIR / file).read_text()
        assert f"def {function}(" in text, place
        assert "mark_safe" in text, place


@pytest.mark.parametrize(
    "line",
    [
        "{{ text|safe }}", "{{ rows | safeseq }}", "{% autoescape off %}", '<a onclick="x()">', "<p style='a: b'>",
        "<style>", "<script>x()</script>", '<a href="javascript:x()">', '<b hx-on:click="x()">',
        "<i hx-vals='js:{a: 1}'>", '<i hx-trigger="click[x()]">',
    ],
)  # fmt: skip
def test_live_markup_of_a_template_is_found(line: str) -> None:
    assert list(markup.in_text(line, markup.TEMPLATE_RULES))


@pytest.mark.parametrize(
    "line",
    [
        "<script src=\"{% static 'a.js' %}\" defer></script>",
        "{{ unsafe|escape }}",
        "<button data-on='1'>",
        "{# safe #}",
    ],
)
def test_still_markup_is_let_through(line: str) -> None:
    assert list(markup.in_text(line, markup.TEMPLATE_RULES)) == []


@pytest.mark.parametrize(
    "line",
    [
        "mark_safe(text)", "safestring.mark_safe('<b>')", "SafeString(text)", "format_html(f'<b>{x}</b>')",
        "format_html('<b>' + x)", "format_html('<b>')", "format_html(text, 1)", "format_html_join('', row, rows)",
    ],
)  # fmt: skip
def test_live_markup_of_a_module_is_found(line: str) -> None:
    assert list(markup.in_python(f"def write():\n    return {line}\n", "core/new.py"))


@pytest.mark.parametrize("line", ["format_html('<b>{}</b>', x)", "format_html(_ROW, x)", "escape(x)"])
def test_still_markup_of_a_module_is_let_through(line: str) -> None:
    assert list(markup.in_python(f"x = {line}")) == []


@pytest.mark.parametrize(
    "line",
    [
        "eval(text)",
        "new Function('x')",
        "document.write(x)",
        "e.setAttribute('onclick', x)",
        "setTimeout('x()')",
    ],
)
def test_live_scripts_are_found(line: str) -> None:
    assert list(markup.in_text(line, markup.SCRIPT_RULES))


def test_a_tree_is_walked(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a.html").write_text("<p>\n{{ x|safe }}")
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "b.py").write_text("y = mark_safe(x)\n")

    assert markup.places(tmp_path) == [
        "templates/a.html:2: the filter safe", "core/b.py:1: a call of mark_safe"
    ]  # fmt: skip

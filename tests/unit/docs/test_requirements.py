"""docs/requirements.md keeps its word: 118 rows in order, and every test it names exists."""

import ast
import re

import pytest

from config import env

ROW = re.compile(r"\| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ISSUE = re.compile(r"issue [3-7]\b")


def rows():
    """(number, name, where, evidence) of each line of the table."""
    text = (env.BASE_DIR / "docs" / "requirements.md").read_text()
    return [(int(found[1]), found[2], found[3], found[4]) for found in ROW.finditer(text)]


def test_there_are_118_demands_in_order():
    assert [number for number, *_ in rows()] == list(range(1, 119))


@pytest.mark.parametrize(("number", "name", "where", "evidence"), rows(), ids=lambda value: str(value)[:30])
def test_a_demand_names_a_test_that_exists_or_the_issue_that_brings_it(number, name, where, evidence):
    tests = TEST.findall(evidence)

    assert tests or ISSUE.search(evidence), name
    for path, function in tests:
        file = env.BASE_DIR / path
        assert file.exists(), f"{number}: {path} is missing"
        assert function in functions_of(file), f"{number}: {path} has no {function}"


def functions_of(file):
    """Names of the functions of a test file."""
    return {node.name for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef)}

"""What `make run` remembers of its steps."""

from pathlib import Path

import pytest

from config import env, prepare


def test_what_a_step_makes_in_the_clone_must_be_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second clone with the same data folder compiles its own catalogues."""
    monkeypatch.setattr(env, "BASE_DIR", tmp_path)
    step = prepare.Step("messages", ["messages", "compile"], (), makes=("a.mo",))
    stamps = prepare.Stamps(tmp_path / "stamps.json")
    stamps.keep(step, "mark")

    assert not stamps.fresh(step, "mark")
    (tmp_path / "a.mo").touch()
    assert stamps.fresh(step, "mark")
    assert not stamps.fresh(step, "another mark")


def test_catalogues_are_such_files() -> None:
    made = {step.name: step.makes for step in prepare.steps(demo=False)}

    assert [Path(path).suffix for path in made["messages"]] == [".mo", ".mo"]

"""How two edits of one row meet: field by field, without a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Merge:
    """`mine` are the fields to write, `theirs` what the other changed meanwhile, `conflicts` both differently."""

    mine: tuple[str, ...]
    theirs: tuple[str, ...]
    conflicts: tuple[str, ...]


def merge(*, original: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str]) -> Merge:
    """Compares what was first shown with what I send and with what is stored now, all as texts.

    A field that both changed to the same value is no conflict and needs no writing. Fields without an
    original (a form from before the field was added) count as changed by whoever sends them.
    """
    changed_by_me = [name for name in mine if mine[name] != original.get(name)]
    changed_by_them = [name for name in theirs if name in original and theirs[name] != original[name]]
    conflicts = [name for name in changed_by_me if name in changed_by_them and mine[name] != theirs.get(name)]
    to_write = [name for name in changed_by_me if mine[name] != theirs.get(name)]
    others = [name for name in changed_by_them if name not in conflicts]
    return Merge(tuple(to_write), tuple(others), tuple(conflicts))

"""Whether an acknowledged edit was lost: read from the editors' log and the history only.

The history of a field must be a chain: each value was written by a save that had seen the value before it,
every acknowledged word is a link of it, and versions count up by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from tests.integration.editing.editors import Sent

#: One event of the history: row, version, value by field.
Event = tuple[str, int, dict[str, str]]


def faults(saves: Iterable[Sent], events: Iterable[Event]) -> list[str]:
    """What is wrong, one sentence each; empty when no edit was lost. `events` in the order they happened."""
    by_row: dict[str, list[tuple[int, dict[str, str]]]] = defaultdict(list)
    for row, version, values in events:
        by_row[row].append((version, values))
    sent: dict[tuple[str, str], list[Sent]] = defaultdict(list)
    for save in saves:
        sent[save.row, save.field].append(save)
    found = [
        fault
        for row, steps in by_row.items()
        for fault in _gaps(row, [version for version, _values in steps])
    ]
    for (row, name), of_field in sent.items():
        chain = _chain([values[name] for _version, values in by_row.get(row, [])])
        found += _broken(row, name, chain, of_field)
    return found


def _gaps(row: str, versions: Sequence[int]) -> list[str]:
    return [
        f"{row}: version {before} is followed by {after}"
        for before, after in pairwise(versions)
        if after != before + 1
    ]


def _chain(values: Sequence[str]) -> list[str]:
    """The values one after another, each as long as it stood."""
    return [value for at, value in enumerate(values) if at == 0 or value != values[at - 1]]


def _broken(row: str, name: str, chain: Sequence[str], saves: Sequence[Sent]) -> list[str]:
    # A refused save wrote nothing; one without an answer may have.
    may_have_written = {(save.seen, save.wrote) for save in saves if save.is_acknowledged or save.status == 0}
    found = [
        f"{row} {name}: “{after}” was written over “{before}” by somebody who had not seen it"
        for before, after in pairwise(chain)
        if (before, after) not in may_have_written
    ]
    stored = set(chain)
    found += [
        f"{row} {name}: “{save.wrote}” was acknowledged and is not in the history"
        for save in saves
        if save.is_acknowledged and save.wrote not in stored
    ]
    return found

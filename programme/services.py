"""Writes of the programme app that touch several rows."""

import hashlib
from pathlib import Path
from typing import Any

from core.db import retrying
from programme.loading.reader import parse
from programme.loading.storing import LoadResult, store


@retrying
def load_programme(*, data: bytes, file_name: str, by: Any = None) -> LoadResult:
    """Loads a programme file: everything in it or, when anything is wrong, nothing.

    Loading the same bytes again writes nothing. Raises ProgrammeFileError with every problem
    found, each with its line.
    """
    _, plan = parse(data)
    return store(plan, by=by, file_name=Path(file_name).name, sha256=hashlib.sha256(data).hexdigest())

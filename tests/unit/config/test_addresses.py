"""Each address stands once: of two with the same path the second would never be reached."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.urls import get_resolver

GIVEN = re.compile(r"<(?:(\w+):)?\w+>")


def paths(patterns: list[Any], before: str = "") -> Iterator[str]:
    """The whole path of every address; of what is given in it only the kind is kept."""
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from paths(pattern.url_patterns, path)
        else:
            yield GIVEN.sub(lambda given: f"<{given[1] or 'str'}>", path)


def test_no_address_hides_another() -> None:
    count = Counter(paths(get_resolver().url_patterns))

    assert len(count) > 500
    assert [path for path, times in count.items() if times > 1] == []

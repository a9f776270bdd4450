"""The documents lead somewhere: every relative link exists, every decision is in the index."""

import re

import pytest

from config import env

LINK = re.compile(r"\]\(([^)#]+?)(?:#[^)]*)?\)")
DOCUMENTS = sorted([*env.BASE_DIR.glob("*.md"), *env.BASE_DIR.glob("docs/**/*.md")])


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(env.BASE_DIR)))
def test_relative_links_exist(path):
    missing = [
        link
        for link in LINK.findall(path.read_text())
        if not link.startswith(("http://", "https://", "mailto:")) and not (path.parent / link).exists()
    ]

    assert missing == []


def test_every_decision_is_in_the_index():
    folder = env.BASE_DIR / "docs" / "adr"
    index = (folder / "README.md").read_text()

    assert [path.name for path in folder.glob("[0-9]*.md") if path.name not in index] == []

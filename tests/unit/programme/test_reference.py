"""The documented format is the format."""

import re

import pytest
import yaml

from config import env
from programme.loading.reader import parse
from programme.loading.reference import with_reference

DOCUMENT = (env.BASE_DIR / "docs" / "programme-file.md").read_text()
SAMPLES = re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)


def test_the_reference_is_up_to_date():
    assert with_reference(DOCUMENT) == DOCUMENT, "run: python -m programme.loading.reference"


def test_every_link_inside_the_reference_leads_to_a_table():
    titles = {title.lower() for title in re.findall(r"^### (\w+)$", DOCUMENT, re.MULTILINE)}

    assert set(re.findall(r"\]\(#(\w+)\)", DOCUMENT)) <= titles


@pytest.mark.parametrize("sections", [1, 2])
def test_the_samples_load(sections):
    text = "\n".join(SAMPLES[:sections])

    document, plan = parse(text.encode())

    assert document.slug == "esimerkki"
    assert plan.problems == []
    assert yaml.safe_load(text)["programme"]["name"] == "Tuottavuusohjelma"

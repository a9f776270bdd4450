"""Link checkers and proxies ask for the head of a page."""

import pytest
from django.test import Client

from tests.golden import Golden


@pytest.mark.parametrize("path", ["/p/esimerkki/", "/p/esimerkki/measures/", "/p/esimerkki/risks/"])
def test_pages_answer_head_like_get(golden: Golden, pmo: Client, path: str) -> None:
    answer = pmo.head(path)

    assert answer.status_code == 200
    assert answer.content == b""

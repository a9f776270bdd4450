"""The page of the API's documents works under the strict content policy."""

import pytest
from playwright.sync_api import expect


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_documents_show_every_resource_and_break_no_rule(page):
    problems = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))

    page.goto("/api/docs/")
    page.get_by_text("/api/v1/programmes/{programme}/summary/").first.wait_for()

    for path in ("/api/v1/measures/", "/api/v1/savings/", "/api/v1/cost-types/"):
        expect(page.get_by_text(path).first).to_be_visible()
    assert problems == []

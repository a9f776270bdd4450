"""Waiting for what a test means: a page whose parts have all come and that listens to keys and clicks."""

from typing import Any

#: Marks of htmx on parts that are asked for, put in or not yet listening; and the dashboard's panels to come.
UNDER_WAY = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added, .panel--waiting"


def wait_settled(page: Any) -> None:
    """Until nothing is under way. A part that was put in listens only some milliseconds later: what is clicked in
    between is sent by the browser, not by htmx."""
    page.wait_for_function("marks => !document.querySelector(marks)", arg=UNDER_WAY)

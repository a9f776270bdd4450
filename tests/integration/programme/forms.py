"""Sends forms as a browser would: what the page holds, with some of it changed."""

from __future__ import annotations

from html import unescape
from html.parser import HTMLParser
from typing import Any

from django.test import Client


class _Fields(HTMLParser):
    """Values of the fields of the form with the id `row-form`."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self._inside = False
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self._inside = found.get("id") == "row-form"
        name = found.get("name") or ""
        if not self._inside:
            return
        if tag == "input" and name:
            is_box = found.get("type") in ("checkbox", "radio")
            if not is_box or "checked" in found:
                self.values.setdefault(name, []).append(found.get("value") or "")
        elif tag == "textarea":
            self._area = name
            self.values.setdefault(name, []).append("")
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in found:
            self.values.setdefault(self._select, []).append(found.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        elif tag == "form":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area][-1] += unescape(data).removeprefix("\n")


def fields_of(page: str) -> dict[str, Any]:
    """What the page's form would send as it stands."""
    reader = _Fields()
    reader.feed(page)
    values = {name: found if len(found) > 1 else found[0] for name, found in reader.values.items()}
    values.pop("csrfmiddlewaretoken", None)
    return values


def opened(client: Client, address: str) -> dict[str, Any]:
    """The fields of the form at the address."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return fields_of(answer.content.decode())


def sent(client: Client, address: str, **changes: Any) -> Any:
    """The answer to the form at the address, sent with some fields changed."""
    return client.post(address, opened(client, address) | changes)

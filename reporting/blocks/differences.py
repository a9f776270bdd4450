"""Figures of the source that disagree."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from measures.calculations import Difference
from measures.wording import difference_words
from reporting.content import Content, Text
from reporting.selectors import Overview


def differences_list(content: Content, overview: Overview) -> None:
    """Figures of the source that disagree, with the size of the difference; nobody forces them to agree."""
    items = []
    for found in overview.differences:
        title = _difference_part(content, found, "title")
        items.append(
            {
                "title": title,
                "detail": _difference_part(content, found, "detail"),
                "figures": _difference_part(content, found, "figures"),
                "href": "funding/" if found.code == "allocation_shares" else "savings/",
            }
        )
        if found.code == "allocation_shares":
            continue
        for end in ("cautious", "full"):
            if getattr(found, end) is not None:
                code = found.code.replace("_", "-")
                content.money(
                    f"difference-{code}.{end}.programme", getattr(found, end), title, source="savings/"
                )
    if items:
        content.add("list", "differences", content.say(_("Differences in the source")), span=6, items=items)


def _difference_part(content: Content, found: Difference, part: str) -> Text:
    return content.say("%(text)s", text=lambda _language: getattr(difference_words(found), part))

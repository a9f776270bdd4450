"""Two texts side by side with the words marked that differ. What people wrote is always escaped."""

from __future__ import annotations

import difflib
import re

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
#: Longer texts are compared line by line: word by word would take too long.
WORD_LIMIT = 1_500


def marked(old: str, new: str) -> tuple[SafeString, SafeString]:
    """The old text with what went marked by <del>, the new one with what came marked by <ins>."""
    before, after = _pieces(old), _pieces(new)
    if len(before) + len(after) > 2 * WORD_LIMIT:
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    left, right = [], []
    for how, i, j, k, m in difflib.SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        left.append((how != "equal", "".join(before[i:j])))
        right.append((how != "equal", "".join(after[k:m])))
    return _written(left, "del", _("removed:")), _written(right, "ins", _("added:"))


def _pieces(text: str) -> list[str]:
    return _WORDS.findall(text)


def _written(parts: list[tuple[bool, str]], tag: str, word: str) -> SafeString:
    """The text with the marked parts in the tag and a word before each for those who cannot see the mark."""
    opening = format_html('<{}><span class="visually-hidden">{} </span>', tag, word)
    closing = format_html("</{}>", tag)
    return format_html_join(
        "",
        "{}{}{}",
        (
            (opening if is_marked else "", text, closing if is_marked else "")
            for is_marked, text in parts
            if text
        ),
    )

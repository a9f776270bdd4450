"""One cell of the month grid, edited again and again as its page would: with the version it knows."""

import html
import json
import re

from bench.data import PROGRAMME, BenchError
from bench.server import Answer, Visitor

_ROW = re.compile(r'name="known\.(\d+\.plan)" value="([^"]*)"')
_YEAR = re.compile(r'name="year" value="(\d{4})"')
TEXTS = ("\u22121\u00a0234,50", "\u22121\u00a0234,51")


class Cell:
    """The first month of a measure's first plan row, found on its page."""

    def __init__(self, code: str, visitor: Visitor) -> None:
        page = html.unescape(visitor.get(f"/p/{PROGRAMME}/measures/{code}/months/").body.decode())
        row, year = _ROW.search(page), _YEAR.search(page)
        if row is None or year is None:
            raise BenchError("the month grid shows no row of a plan")
        self.key, self.known = f"{row[1]}.{year[1]}-01", row[2].split(" ")[0]
        self.edits = 0

    def edit(self, visitor: Visitor, path: str) -> Answer:
        """Writes another amount than the last time; raises BenchError when it is refused."""
        text = TEXTS[self.edits % len(TEXTS)]
        self.edits += 1
        body = json.dumps({"unit": "eur", "cells": [[self.key, text, self.known]]}).encode()
        answer = visitor.post(path, body)
        self.known = json.loads(answer.body)["cells"][self.key]["known"]
        return answer

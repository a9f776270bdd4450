"""Those who change things in other ways than forms and cells: programs, many rows at once, workbooks, a controller.

Like the editors (editors.py) they know only what pages and answers say; what they sent and were told is in the log.
"""

from __future__ import annotations

import json
import random
import re
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.integration.editing.editors import TYPING, Answer, Browser, Log, Sent, Work

#: The day that word 0 stands for in a date field.
FIRST_DAY = date(1990, 1, 1)
_ROW = re.compile(r'<tr data-code="([^"]+)">.*?</th><td[^>]*>[^<]*</td><td[^>]*>([^<]*)</td>', re.DOTALL)
_PLAN = re.compile(r'name="plan" value="([^"]+)"')


def day_of(word: int) -> date:
    return FIRST_DAY + timedelta(days=word)


def told(log: Log, row: str, name: str, seen: str, wrote: str, answer: Answer, status: int = 0) -> None:
    log.saves.append(Sent(row, name, seen, wrote, status or answer.status, answer.seconds, time.monotonic()))


def post_form(browser: Browser, path: str, *values: tuple[str, str]) -> Answer:
    """A form with the secret that its page gave the browser."""
    return browser.post(path, [("csrfmiddlewaretoken", browser.cookies["csrftoken"]), *values])


@dataclass
class ApiWork:
    """A program that changes measures one by one, each with the version that it read."""

    rows: Sequence[tuple[str, int]]  # code, id
    fields: Sequence[str]
    token: str

    def crowded(self) -> Work:
        return ApiWork(self.rows[:2], self.fields[:1], self.token)

    def edit(self, browser: Browser, log: Log, chance: random.Random, word: int) -> None:
        code, pk = chance.choice(self.rows)
        name = chance.choice(self.fields)
        path, sign = f"/api/v1/measures/{pk}/", {"Authorization": f"Bearer {self.token}"}
        read = browser._ask("GET", path, None, sign)
        if read.status != 200:
            log.troubles.append(f"GET {path} answered {read.status}")
            return
        found = json.loads(read.text)
        wrote = day_of(word).isoformat() if name == "starts_on" else f"sana {word}"
        time.sleep(chance.uniform(*TYPING))
        headers = sign | {"Content-Type": "application/json", "If-Match": f'"{found["version"]}"'}
        answer = browser._ask("PATCH", path, json.dumps({name: wrote}), headers)
        told(log, code, name, found[name] or "", wrote, answer)
        if answer.status not in (200, 412):
            log.troubles.append(f"PATCH {path} answered {answer.status}: {answer.text[:200]}")


@dataclass
class BulkWork:
    """The same first day for several measures at once: choose, look, carry out."""

    rows: Sequence[tuple[str, int]]  # code, id
    at: str

    def crowded(self) -> Work:
        return BulkWork(self.rows[:3], self.at)

    def edit(self, browser: Browser, log: Log, chance: random.Random, word: int) -> None:
        chosen = dict(chance.sample(list(self.rows), k=min(5, len(self.rows))))
        path = f"{self.at}?{'&'.join(f'row={pk}' for pk in chosen.values())}"
        browser.get(path)
        day = day_of(word)
        values = [
            ("starts_on", f"{day:%d.%m.%Y}"), ("reason", "Yhdessä"),
            *((name, "") for name in ("owner", "project", "linked_initiative", "confidence_of_owner")),
        ]  # fmt: skip
        shown = post_form(browser, path, *values)
        plan = _PLAN.search(shown.text)
        if shown.status != 200 or plan is None:
            log.troubles.append(f"POST {self.at} answered {shown.status}")
            return
        seen = {code: _iso(before) for code, before in _ROW.findall(shown.text)}
        time.sleep(chance.uniform(*TYPING))
        answer = post_form(browser, path, ("plan", unescape(plan[1])))
        left = set(re.findall(r'data-left="([^"]+)"', answer.text))
        for code, before in seen.items():
            told(log, code, "starts_on", before, day.isoformat(), answer, 409 if code in left else 302)
        if answer.status not in (302, 409):
            log.troubles.append(f"POST {self.at} answered {answer.status}")


def _iso(text: str) -> str:
    """A day as a page writes it, as the history keeps it; empty for none."""
    parts = text.strip().split(".")
    return date(*map(int, reversed(parts))).isoformat() if len(parts) == 3 else ""


@dataclass
class ConfirmWork:
    """A controller who decides claims two by two, in full or not at all."""

    at: str
    decided: set[int] = field(default_factory=set)

    def crowded(self) -> Work:
        return self

    def edit(self, browser: Browser, log: Log, chance: random.Random, word: int) -> None:
        listed = browser.get(self.at)
        waiting = list(dict.fromkeys(re.findall(r'name="row" value="(\d+)"', listed.text)))
        time.sleep(chance.uniform(*TYPING))
        if not waiting:
            return
        chosen = chance.sample(waiting, k=min(2, len(waiting)))
        path = f"{self.at}decide/?{'&'.join(f'row={pk}' for pk in chosen)}"
        browser.get(path)
        decision = chance.choice(("confirm", "refuse"))
        shown = post_form(browser, path, ("decision", decision), ("reason", f"sana {word}"))
        plan = _PLAN.search(shown.text)
        if plan is None:
            log.troubles.append(f"POST {path} answered {shown.status} without a plan")
            return
        answer = post_form(browser, path, ("plan", unescape(plan[1])))
        if answer.status not in (302, 409):
            log.troubles.append(f"POST {path} answered {answer.status}")
            return
        left = set(re.findall(r"row=(\d+)", answer.text)) if answer.status == 409 else set()
        self.decided |= {int(pk) for pk in chosen if pk not in left}


@dataclass
class ImportWork:
    """Somebody who takes the measures out as a workbook, changes one month and brings it back.

    `write` puts the workbook into a file; `work_off` does the jobs that are asked for, as a worker would, and
    `outcome` tells how many cells the latest file changed.
    """

    at: str
    series: str
    shown_series: str
    months: Sequence[str]
    write: Callable[[Path], None]
    work_off: Callable[[], None]
    outcome: Callable[[], int]
    folder: Path
    taken_over: int = 0  # workbooks whose month arrived

    def crowded(self) -> Work:
        return self

    def edit(self, browser: Browser, log: Log, chance: random.Random, word: int) -> None:
        path = self.folder / f"{uuid.uuid4().hex}.xlsx"
        self.write(path)
        key, seen = self._change(path, chance, word)
        browser.get(self.at)
        sent = self._upload(browser, path)
        self.work_off()
        read = re.search(r"/import/(\d+)/", browser.get(self.at).text)
        if sent.status != 302 or read is None:
            log.troubles.append(f"POST {self.at} answered {sent.status}")
            return
        run = f"{self.at}{read[1]}/"
        post_form(browser, f"{run}choose/", ("all", "sound"))
        answer = post_form(browser, f"{run}apply/", ("reason", f"sana {word}"))
        self.work_off()
        arrived = bool(self.outcome())
        told(log, key, "amount", seen, str(-word), answer, 200 if arrived else 409)
        self.taken_over += arrived
        if answer.status not in (302, 422):  # 422: every row moved before it was read, so none stands ticked
            log.troubles.append(f"POST {run}apply/ answered {answer.status}")

    def _change(self, path: Path, chance: random.Random, word: int) -> tuple[str, str]:
        """Another amount in one month of one row; the cell, and the cents that stood there."""
        book = load_workbook(path)
        sheet = next(sheet for sheet in book if any(cell.value == self.months[0] for cell in sheet[1]))
        columns = {cell.value: cell.column for cell in sheet[1]}
        rows = [
            row for row in range(3, sheet.max_row + 1)
            if sheet.cell(row, columns["line.series"]).value == self.shown_series
        ]  # fmt: skip
        row, month = chance.choice(rows), chance.choice(self.months)
        cell = sheet.cell(row, columns[month])
        seen = str(round(cell.value * 100))
        cell.value = -word / 100
        book.save(path)
        return f"{sheet.cell(row, columns['line.id']).value}.{self.series}.{month}", seen

    def _upload(self, browser: Browser, path: Path) -> Answer:
        boundary = uuid.uuid4().hex
        parts = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'
            f"{browser.cookies['csrftoken']}\r\n--{boundary}\r\n"
            f'Content-Disposition: form-data; name="file"; filename="{path.name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body: Any = parts.encode() + path.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
        return browser._ask(
            "POST", self.at, body, {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        )

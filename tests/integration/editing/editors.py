"""People who edit at the same time, through real HTTP: what each one saw, sent and was told is their log.

An editor opens the form of a random row, changes one random field to a word that nobody else writes, and
saves. On a conflict it takes theirs or keeps its own, as a person would. Nothing here knows how the portal
stores rows.
"""

from __future__ import annotations

import http.client
import json
import random
import re
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Protocol

#: Answer of a save whose fate the client does not know: it was cut off before the server answered.
UNKNOWN = 0
#: Half of the edits go to this many rows, so that people meet.
HOT_ROWS = 5
#: Seconds that writing takes: nobody saves at the moment of reading.
TYPING = (0.2, 0.8)
#: Seconds after which an answer, or what somebody came for, is given up. Only a fault takes so long.
ANSWER, PATIENCE = 120, 180


@dataclass(frozen=True)
class Sent:
    """One save as its sender knows it: what it wrote over (`seen`), and how the server answered."""

    row: str
    field: str
    seen: str
    wrote: str
    status: int
    seconds: float
    at: float

    @property
    def is_acknowledged(self) -> bool:
        return 200 <= self.status < 400


class Log:
    """What all editors saw and sent."""

    def __init__(self) -> None:
        self.saves: list[Sent] = []
        self.troubles: list[str] = []

    def acknowledged(self) -> list[Sent]:
        return [sent for sent in list(self.saves) if sent.is_acknowledged]

    def conflicts(self) -> int:
        return sum(sent.status == 409 for sent in list(self.saves))

    def p95_seconds(self) -> float:
        """Of the saves that were acknowledged."""
        times = sorted(sent.seconds for sent in self.acknowledged())
        return times[int(len(times) * 0.95)] if times else 0.0


# --- HTTP --------------------------------------------------------------------------------------------------


@dataclass
class Answer:
    status: int
    text: str
    seconds: float


class Browser:
    """One signed-in person on one connection that is kept open, with the cookies a browser would keep."""

    def __init__(self, port: int, session: str) -> None:
        self.port, self.cookies = port, {"sessionid": session}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None, {})

    def post(self, path: str, values: Iterable[tuple[str, str]]) -> Answer:
        body = urllib.parse.urlencode(list(values))
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def post_json(self, path: str, told: Any) -> Answer:
        headers = {"Content-Type": "application/json", "X-CSRFToken": self.cookies.get("csrftoken", "")}
        return self._ask("POST", path, json.dumps(told), headers)

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        begin = time.perf_counter()
        self.connection.request(method, path, body=body, headers={"Cookie": cookie, **headers})
        answer = self.connection.getresponse()
        text = answer.read().decode()
        seconds = time.perf_counter() - begin
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _equals, value = line.partition(";")[0].partition("=")
            self.cookies[name.strip()] = value.strip()
        return Answer(answer.status, text, seconds)


class FormReader(HTMLParser):
    """The values of the form `row-form`, and of each conflict what is stored now (theirs)."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: list[tuple[str, str]] = []
        self.theirs: dict[str, str] = {}
        self._in_form = False
        self._textarea: str | None = None
        self._select: str | None = None
        self._conflict: str | None = None
        self._side = -1
        self._text: list[str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        got = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._in_form = got.get("id") == "row-form"
        elif tag == "fieldset" and "data-conflict" in got:
            self._conflict, self._side = got["data-conflict"], -1
        elif tag == "dd" and self._conflict:
            self._side, self._text = self._side + 1, []
        elif self._in_form and tag == "textarea":
            self._textarea, self._text = got["name"], []
        elif self._in_form and tag == "select":
            self._select = got["name"]
        elif self._in_form and tag == "option" and self._select and "selected" in got:
            self.values.append((self._select, got.get("value", "")))
        elif self._in_form and tag == "input" and got.get("name"):
            kind = got.get("type", "text")
            if kind not in ("checkbox", "radio") or "checked" in got:
                self.values.append((got["name"], got.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in_form = False
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._textarea is not None:
            text = "".join(self._text or [])
            self.values.append((self._textarea, text.removeprefix("\r\n").removeprefix("\n")))
            self._textarea = self._text = None
        elif tag == "dd" and self._text is not None:
            if self._side == 1 and self._conflict:
                shown = "".join(self._text).strip()
                self.theirs[self._conflict] = "" if shown == "\u2013" else shown
            self._text = None
        elif tag == "fieldset":
            self._conflict = None

    def value(self, name: str) -> str:
        return next((value for key, value in self.values if key == name), "")

    def with_value(self, name: str, value: str) -> list[tuple[str, str]]:
        return [(key, old) for key, old in self.values if key != name] + [(name, value)]


# --- editors -----------------------------------------------------------------------------------------------


class Work(Protocol):
    """How one kind of row is edited: one whole edit, every save of which goes into the log."""

    def edit(self, browser: Browser, log: Log, chance: random.Random, word: int) -> None: ...

    def crowded(self) -> Work:
        """The same work on so few fields that editors are bound to meet."""
        ...


@dataclass
class FormWork:
    """Rows with a form of their own: addresses by row, and the text fields to choose from."""

    addresses: Sequence[tuple[str, str]]
    fields: Sequence[str]

    def crowded(self) -> Work:
        return FormWork(self.addresses[:2], self.fields[:1])

    def edit(self, browser: Browser, log: Log, chance: random.Random, word: int) -> None:
        row, address = picked(self.addresses, chance)
        name, mine = chance.choice(self.fields), f"sana {word}"
        page = browser.get(address)
        if page.status != 200:
            log.troubles.append(f"GET {address} answered {page.status}")
            return
        form = FormReader(page.text)
        seen = form.value(name)
        time.sleep(chance.uniform(*TYPING))
        while True:
            answer = browser.post(address, form.with_value(name, mine))
            log.saves.append(Sent(row, name, seen, mine, answer.status, answer.seconds, time.monotonic()))
            if answer.status != 409:
                break
            form = FormReader(answer.text)
            if name not in form.theirs:
                log.troubles.append(f"{row} {name}: a conflict that does not show theirs")
                return
            if chance.random() < 0.5:
                return  # theirs stays
            seen = form.theirs[name]
        if answer.status != 302:
            log.troubles.append(f"POST {address} answered {answer.status}")


@dataclass
class CellWork:
    """Months of savings lines: the page that shows them, the address that saves them, and the cells."""

    rows: Sequence[tuple[str, str]]  # name of a grid row "<line>.<series>", address of its page
    months: Sequence[str]
    save: str

    def crowded(self) -> Work:
        return CellWork(self.rows[:1], self.months[:2], self.save)

    def edit(self, browser: Browser, log: Log, chance: random.Random, word: int) -> None:
        row, address = picked(self.rows, chance)
        at = chance.randrange(len(self.months))
        page = browser.get(address)
        found = re.search(rf'name="known\.{re.escape(row)}" value="([^"]*)"', page.text)
        if page.status != 200 or found is None:
            log.troubles.append(f"GET {address} answered {page.status}")
            return
        known = found[1].split()[at]
        key, mine = f"{row}.{self.months[at]}", str(-word)
        text = f"-{word // 100},{word % 100:02d}"
        time.sleep(chance.uniform(*TYPING))
        while True:
            seen = known.partition(":")[2]
            answer = browser.post_json(self.save, {"unit": "eur", "cells": [[key, text, known]]})
            log.saves.append(Sent(key, "amount", seen, mine, answer.status, answer.seconds, time.monotonic()))
            if answer.status != 409:
                break
            known = json.loads(answer.text)["problems"][0]["theirs"]["known"]
            if chance.random() < 0.5:
                return
        if answer.status != 200:
            log.troubles.append(f"POST {self.save} answered {answer.status}: {answer.text[:200]}")


def picked(rows: Sequence[tuple[str, str]], chance: random.Random) -> tuple[str, str]:
    return chance.choice(rows[:HOT_ROWS] if chance.random() < 0.5 else rows)


@dataclass
class Crowd:
    """Editors in threads of their own, until they are told to stop and each has what it came for."""

    log: Log = field(default_factory=Log)
    threads: list[threading.Thread] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    words: Any = field(default_factory=lambda: _numbers())
    end: float = 0.0

    def add(
        self, browser: Browser, work: Work, seed: int, came_for: Callable[[Log], bool] | None = None
    ) -> None:
        thread = threading.Thread(
            target=self._run, args=(browser, work, random.Random(seed), came_for or (lambda _log: True)),
            daemon=True,
        )  # fmt: skip
        self.threads.append(thread)

    def _run(
        self, browser: Browser, work: Work, chance: random.Random, came_for: Callable[[Log], bool]
    ) -> None:
        while not (self.stop.is_set() and (came_for(self.log) or time.monotonic() > self.end)):
            try:
                work.edit(browser, self.log, chance, self.words())
            except Exception as broken:  # noqa: BLE001  whatever it was, it is told
                self.log.troubles.append(f"{type(broken).__name__}: {broken}")
                return

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def finish(self, patience: float = 0) -> None:
        """Each editor ends the edit it is at, so that every save has its answer.

        With `patience` (s) those who have not yet had what they came for go on: on a slow machine too everybody
        saves, for the others have gone home and are in nobody's way.
        """
        self.end = time.monotonic() + patience
        self.stop.set()
        for thread in self.threads:
            thread.join(max(0, self.end - time.monotonic()) + ANSWER)
            if thread.is_alive():
                self.log.troubles.append(f"{thread.name} is still at work")


def wait_for_saves(log: Log, count: int = 1) -> None:
    """Until the server has warmed up and answers."""
    end = time.monotonic() + PATIENCE
    while len(log.acknowledged()) < count and time.monotonic() < end:
        time.sleep(0.05)


def _numbers() -> Any:
    lock, last = threading.Lock(), [1000]

    def number() -> int:
        with lock:
            last[0] += 1
            return last[0]

    return number

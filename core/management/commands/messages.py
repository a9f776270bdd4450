"""Translations without the gettext programs: extract, compile, check, all by Babel.

English is the language of the source texts, so only Finnish and Swedish have catalogues. They carry no line
numbers, paths of a machine or dates: a change of code alone never changes them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation.template import templatize

LANGUAGES = ("fi", "sv")
DOMAIN = "django"
#: Folders of ours that hold no texts of the portal.
SKIPPED = {"tests", "var", "node_modules", "locale", "migrations", "bench", "docs", "requirements", "static"}
TEMPLATE_SUFFIXES = {".html", ".txt"}
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
HEADER = "# Texts of the portal. Written by `manage.py messages extract`; translate the msgstr lines.\n#"
_PLACEHOLDER = re.compile(
    r"%\([A-Za-z_][A-Za-z0-9_]*\)[#0\- +]*[0-9.]*[a-zA-Z]|%[sdif]|\{[A-Za-z_][A-Za-z0-9_]*\}"
)

Found = tuple[str | tuple[str, ...], str | None, list[str]]


class Command(BaseCommand):
    help = "extract: texts of code and templates into locale/; compile: .mo files; check: what lacks a translation"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["extract", "compile", "check"])

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        root, locale = Path(settings.BASE_DIR), Path(settings.LOCALE_PATHS[0])
        if action == "extract":
            for language in LANGUAGES:
                self.stdout.write(f"{language}: {extract_into(locale, language, root)} texts")
        elif action == "compile":
            compile_all(locale)
        else:
            problems = [line for language in LANGUAGES for line in check(locale, language, root)]
            for line in problems:
                self.stderr.write(line)
            if problems:
                raise CommandError(f"{len(problems)} problems in the translations")
            self.stdout.write("Every text is translated.")


def catalogue_path(locale: Path, language: str) -> Path:
    return locale / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def source_files(root: Path) -> Iterator[Path]:
    """Python files and templates of ours, in a stable order."""
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if any(part.startswith(".") or part in SKIPPED for part in parts[:-1]):
            continue
        if path.suffix == ".py" or (path.suffix in TEMPLATE_SUFFIXES and "templates" in parts):
            yield path


def texts(root: Path) -> Iterator[Found]:
    """(message or (singular, plural), context, comments) of every marked text under `root`."""
    for path in source_files(root):
        content = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            content = templatize(content, origin=str(path.relative_to(root)))
            # What is left of the template is Python only in its calls: its indentation means nothing.
            content = "\n".join(line.lstrip() for line in content.splitlines())
        source: IO[bytes] = BytesIO(content.encode())
        for _line, message, comments, context in extract(
            "python",
            source,
            keywords=KEYWORDS,
            comment_tags=("Translators:",),
            options={"encoding": "utf-8"},
        ):
            if message and message != ("", ""):
                yield message, context, comments


def template_catalogue(root: Path) -> Catalog:
    """All texts of code and templates, without places."""
    catalogue = Catalog(domain=DOMAIN)
    for message, context, comments in texts(root):
        catalogue.add(message, context=context, auto_comments=comments)
    return catalogue


def read_catalogue(locale: Path, language: str) -> Catalog:
    path = catalogue_path(locale, language)
    if not path.exists():
        return Catalog(locale=language, domain=DOMAIN)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def extract_into(locale: Path, language: str, root: Path) -> int:
    """Brings the catalogue of `language` up to the source; keeps translations. How many texts it has."""
    catalogue = read_catalogue(locale, language)
    catalogue.update(template_catalogue(root), no_fuzzy_matching=True, keep_user_comments=True)
    catalogue.obsolete.clear()
    path = catalogue_path(locale, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(as_po(catalogue))
    return len(catalogue)


def as_po(catalogue: Catalog) -> bytes:
    """The file as it is kept: sorted, with the plural rule and nothing that changes by itself."""
    for message in catalogue:
        message.locations = []
        message.previous_id = []
        message.flags -= {"python-format", "python-brace-format"}  # Babel guesses these anew each time
    body = BytesIO()
    write_po(body, catalogue, width=0, omit_header=True, sort_output=True, no_location=True)
    header = (
        f'{HEADER}\nmsgid ""\nmsgstr ""\n'
        f'"Language: {catalogue.locale}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
    )
    return header.encode() + body.getvalue().strip() + b"\n"


def compile_all(locale: Path) -> None:
    """Writes django.mo beside each django.po, whole: a process that starts meanwhile reads the old or the new one."""
    for path in sorted(locale.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        catalogue = read_catalogue(locale, path.parent.parent.name)
        draft = path.with_suffix(f".{os.getpid()}.draft")
        with draft.open("wb") as file:
            write_mo(file, catalogue)
        draft.replace(path.with_suffix(".mo"))


def check(locale: Path, language: str, root: Path) -> list[str]:
    """One line for each text without translation, marked fuzzy, or with other placeholders than its source."""
    catalogue = read_catalogue(locale, language)
    problems = []
    for message in sorted(template_catalogue(root), key=lambda one: (str(one.id), one.context or "")):
        if not message.id:
            continue
        kept = catalogue.get(_first(message.id), message.context)
        name = f"{language}: {_first(message.id)!r}" + (f" ({message.context})" if message.context else "")
        if kept is None or not _translated(kept):
            problems.append(f"{name} has no translation")
        elif kept.fuzzy:
            problems.append(f"{name} is fuzzy")
        else:
            problems += [f"{name} {problem}" for problem in placeholder_problems(kept)]
    return problems


def placeholder_problems(message: Message) -> Iterator[str]:
    """Placeholders that a translation lost or invented. A plural form may leave out the number."""
    ids, strings = _all(message.id), _all(message.string)
    for index, string in enumerate(strings):
        wanted = set(_PLACEHOLDER.findall(ids[min(index, len(ids) - 1)]))
        allowed = {mark for text in ids for mark in _PLACEHOLDER.findall(text)}
        found = set(_PLACEHOLDER.findall(string))
        lost = wanted - found if len(ids) == 1 else set()
        for mark in sorted(lost):
            yield f"lacks {mark}"
        for mark in sorted(found - allowed):
            yield f"has an unknown {mark}"


def _first(text: str | Iterable[str]) -> str:
    return text if isinstance(text, str) else next(iter(text))


def _all(text: str | Iterable[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def _translated(message: Message) -> bool:
    strings = _all(message.string)
    return bool(strings) and all(strings)

"""Renders the table of permissions to docs/permissions.md."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from core.permissions import ACTIONS, PROGRAMME, ROLES

PATH = Path(settings.BASE_DIR) / "docs" / "permissions.md"

HEAD = """# Who may do what

Made from `core/permissions.py` by `manage.py permissions_doc`; a test fails when this page is not current.

A mark means: anywhere in the programme of the grant. A word instead of a mark means: only the {narrow} that
the grant names and what lies under it; `own` means: only rows of which the person is the owner. Nobody may do
anything in a programme in which they have no role: its addresses answer 404, like those of a programme that
does not exist. In a programme they do see, a page outside their role is refused with 403. An action of the form
`x.view` also decides which rows of that kind a person is ever shown, on pages, in the API and in lists.
"""


def rendered() -> str:
    """The page as text."""
    lines = [
        HEAD.format(narrow="theme, sector, segment or project"),
        _row(["action", *ROLES]),
        _row(["---"] * 16),
    ]
    for action in sorted(ACTIONS):
        lines.append(_row([f"`{action}`", *(_cell(ACTIONS[action].get(role)) for role in ROLES)]))
    return "\n".join(lines) + "\n"


def _cell(scope: str | None) -> str:
    return {None: "", PROGRAMME: "●"}.get(scope, scope or "")


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


class Command(BaseCommand):
    help = "Writes docs/permissions.md from the table in core/permissions.py."

    def handle(self, *args: Any, **options: Any) -> None:
        PATH.parent.mkdir(exist_ok=True)
        PATH.write_text(rendered())
        self.stdout.write(f"{PATH.relative_to(settings.BASE_DIR)} is current.")

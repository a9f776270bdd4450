"""Renders the table of permissions to docs/permissions.md."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from core.permissions import ACTIONS, OWN, PROGRAMME, ROLES

PATH = Path(settings.BASE_DIR) / "docs" / "permissions.md"

HEAD = """# Who may do what

Made from `core/permissions.py` by `manage.py permissions_doc`; a test fails when this page is not current, and
`tests/integration/accounts/test_every_url.py` asks every address with every role, on rows of their own and of others.

## Scopes

| in the table | means |
| --- | --- |
| ● | anywhere in the programme of the role |
| own theme, own sector, own segment, own project | only the one that the role names, and what lies under it |
| what they own | only rows of which the person is the owner |
| nothing | not at all |

A measure lies under the theme of its goal, the sectors its money stands on, its client segments and its project.
Savings lines, months and targets lie where their measure does; milestones and plan parts where their project does.
A lead whose role names no object reaches nothing. Roles add up: one more role never takes a right away.

## 404 and 403

* **404, hidden.** Nobody sees anything of a programme in which they have no role. Its addresses answer like those of
  a programme that does not exist, with the same page; so does a row of another programme under one's own.
* **403, seen but not allowed.** In a programme they do see, a page outside their role is refused, and so is a change
  of a row that their scope does not reach. The API hides rows of kinds a role does not see (404).
* **Not signed in.** Pages lead to sign-in and back; parts of pages and the API answer 401.
* **405.** The address does not know the method; no address changes anything by GET.

An action of the form `x.view` also decides which rows of that kind a person is ever shown, on pages, in the API and
in lists.

## The table

"""

FOOT = """
## Beyond the table

* Only an administrator gives or takes the role of administrator, and nobody their own last one. The programme keeps
  at least one administrator who can sign in.
* The programme office gives every other role, but none to itself.
* Name, e-mail address and password of an account are changed by whoever may give every role the person has, in every
  programme: an account that reaches further than one's own rights is not one's to change.
* People are seen in a programme only while they have a role in it.
"""

#: What a cell says of each scope.
CELLS = {
    PROGRAMME: "●",
    "theme": "own theme",
    "sector": "own sector",
    "segment": "own segment",
    "project": "own project",
    OWN: "what they own",
}


def rendered() -> str:
    """The page as text."""
    lines = [
        HEAD + _row(["action", *ROLES]),
        _row(["---"] * (1 + len(ROLES))),
    ]
    for action in sorted(ACTIONS):
        lines.append(_row([f"`{action}`", *(_cell(ACTIONS[action].get(role)) for role in ROLES)]))
    return "\n".join(lines) + "\n" + FOOT


def _cell(scope: str | None) -> str:
    return "" if scope is None else CELLS[scope]


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


class Command(BaseCommand):
    help = "Writes docs/permissions.md from the table in core/permissions.py."

    def handle(self, *args: Any, **options: Any) -> None:
        PATH.parent.mkdir(exist_ok=True)
        PATH.write_text(rendered())
        self.stdout.write(f"{PATH.relative_to(settings.BASE_DIR)} is current.")

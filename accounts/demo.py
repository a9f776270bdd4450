"""One account for each role, for demonstration only: they all have the same known password.

`accounts` stands left of the apps whose rows are handed out here, so it asks for them by name.
"""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import transaction

from accounts.models import User
from core.bulk import bulk_write

PASSWORD = "tilannekuva"
HOME = "kymenlaakso"
MEASURES_OWNED = 8
PROJECTS_MANAGED = 2


@dataclass(frozen=True)
class Demo:
    """An account and its one grant; `scope` is (kind, key), key None meaning the first there is."""

    username: str
    first_name: str
    last_name: str
    role: str
    programme: str = HOME
    scope: tuple[str, str | None] | None = None


DEMOS = (
    Demo("admin", "Aila", "Ylläpito", "admin"),
    Demo("pmo", "Paula", "Muutos", "pmo"),
    Demo("owner", "Olavi", "Omistaja", "owner"),
    Demo("director", "Outi", "Operatiivi", "director"),
    Demo("controller", "Kaisa", "Laskelma", "controller"),
    Demo("theme", "Teemu", "Digi", "theme", scope=("theme", "digi")),
    Demo("sector", "Seija", "Terveys", "sector", scope=("sector", "tespa")),
    Demo("segment", "Sami", "Segmentti", "segment", scope=("segment", None)),
    Demo("project", "Petra", "Projekti", "project", scope=("project", None)),
    Demo("measure", "Mikko", "Toimenpide", "measure"),
    Demo("steering", "Johanna", "Johto", "steering"),
    Demo("board", "Heikki", "Hallitus", "board"),
    Demo("council", "Vuokko", "Valtuusto", "council"),
    Demo("auditor", "Timo", "Tarkastus", "auditor"),
    Demo("staff", "Hanna", "Henkilöstö", "staff"),
    Demo("ek-pmo", "Eeva", "Saimaa", "pmo", programme="etela-karjala"),
)
USERNAMES = tuple(demo.username for demo in DEMOS)


def make_demo_accounts() -> list[User]:
    """Makes the sixteen accounts or mends them; grants only in programmes that are loaded. Runs twice alike."""
    with bulk_write(None, "demonstration accounts"):
        people = [_account(demo) for demo in DEMOS]
    assign_demo_ownership()
    return people


def _account(demo: Demo) -> User:
    person = User.objects.filter(username=demo.username).first() or User(username=demo.username)
    if person.pk and not person.is_demo:
        raise ValueError(f"There is already a real account called {demo.username}.")
    wanted: dict[str, Any] = {
        "first_name": demo.first_name,
        "last_name": demo.last_name,
        "is_demo": True,
        "is_active": True,
        "is_staff": demo.role == "admin",
    }
    changed = person.pk is None or any(getattr(person, name) != value for name, value in wanted.items())
    for name, value in wanted.items():
        setattr(person, name, value)
    if not person.check_password(PASSWORD):
        person.set_password(PASSWORD)
        changed = True
    if changed:
        person.save()
    return person


def _grant(demo: Demo, person: User) -> None:
    """The one grant of the account; an older one of another scope goes."""
    programme = apps.get_model("programme", "Programme").objects.filter(slug=demo.programme).first()
    if programme is None:
        return
    grants = apps.get_model("programme", "RoleGrant").objects
    scope = _scope(demo, programme, person)
    wanted = {f"{kind}_id": scope.get(kind) for kind in ("theme", "sector", "segment", "project")}
    same = grants.filter(programme=programme, user=person, role=demo.role, **wanted)
    grants.filter(user=person).exclude(pk__in=same.values("pk")).delete()
    if not same.exists():
        grants.create(programme=programme, user=person, role=demo.role, **wanted)


def _scope(demo: Demo, programme: Any, person: User) -> dict[str, int]:
    """What the grant is narrowed to: the row of that key, a project the person manages, or the first there is."""
    if demo.scope is None:
        return {}
    kind, key = demo.scope
    rows = apps.get_model("programme", kind).objects.filter(programme=programme)
    if kind == "project":
        rows = rows.filter(manager=person).order_by("slug")
    row = (rows.filter(key=key) if key else rows).first()
    return {kind: row.pk} if row else {}


def assign_demo_ownership() -> None:
    """Hands illustrative measures and projects, and the digital theme, to the demonstration accounts.

    Only rows that nobody owns are given; without a portfolio there are none. Then each account gets its one grant,
    narrowed to what is there by now. Runs twice alike.
    """
    people = {person.username: person for person in User.objects.filter(is_demo=True, username__in=USERNAMES)}
    home = {"programme__slug": HOME}
    with bulk_write(None, "demonstration accounts"):
        _hand_out("programme.Theme", "owner", people.get("theme"), 1, key="digi", **home)
        _hand_out(
            "programme.Project",
            "manager",
            people.get("project"),
            PROJECTS_MANAGED,
            is_illustrative=True,
            **home,
        )
        _hand_out(
            "measures.Measure", "owner", people.get("measure"), MEASURES_OWNED, is_illustrative=True, **home
        )
        for demo in DEMOS:
            if demo.username in people:
                _grant(demo, people[demo.username])


def _hand_out(label: str, field: str, person: User | None, count: int, **filters: Any) -> None:
    """Gives the person rows of nobody until `count` are theirs."""
    if person is None:
        return
    rows = apps.get_model(label).objects.filter(**filters).order_by("pk")
    missing = count - rows.filter(**{field: person}).count()
    with transaction.atomic():
        for row in rows.filter(**{field: None})[: max(missing, 0)]:
            setattr(row, field, person)
            row.stamp(None).save()

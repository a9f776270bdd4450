"""Counties with nothing in them but their name, and people with roles."""

import itertools
from typing import Any

from accounts.models import User
from programme.models import Organisation, Programme, RoleGrant

_numbers = itertools.count(1)


def make_programme(slug: str, **fields: Any) -> Programme:
    """A programme 2023-2025 of a county of its own."""
    organisation = Organisation.objects.create(key=f"{slug}-county", name_fi=f"{slug} hyvinvointialue")
    return Programme.objects.create(
        slug=slug, file_key=slug, organisation=organisation, kind=Programme.Kind.PRODUCTIVITY,
        name_fi=f"{slug} ohjelma", **({"start_year": 2023, "end_year": 2025} | fields),
    )  # fmt: skip


def make_person(username: str = "", **fields: Any) -> User:
    """An active person without any role."""
    return User.objects.create_user(username or f"person-{next(_numbers)}", **fields)


def make_member(programme: Programme, role: str = "pmo", **scope: Any) -> User:
    """A person with one role in the programme."""
    person = make_person(f"{role}-{next(_numbers)}")
    RoleGrant.objects.create(programme=programme, user=person, role=role, **scope)
    return person


def make_opener(programme: Programme) -> User:
    """Who opens every page that somebody opens: programme office, controller and steering group in one person."""
    person = make_member(programme)
    for role in ("controller", "steering"):
        RoleGrant.objects.create(programme=programme, user=person, role=role)
    return person

"""Somebody of the golden example's programme office, signed in."""

import pytest
from django.test import Client

from accounts.models import User
from programme.models import RoleGrant
from tests.golden import Golden


def sign_in(programme, role: str = "pmo", **scope) -> Client:
    """A client of a person with one role in the programme."""
    user, made = User.objects.get_or_create(
        username=f"{role}-{programme.slug}", defaults={"first_name": "Päivi"}
    )
    if made:
        RoleGrant.objects.create(programme=programme, user=user, role=role, **scope)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def pmo(golden: Golden) -> Client:
    return sign_in(golden.programme)

"""Both real programmes, loaded once for the module, and people who read their pages."""

import html
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import User
from config import env
from programme.models import Programme, RoleGrant
from programme.services import load_programme

KYMI, EKARJALA = "kymenlaakso", "etela-karjala"


@pytest.fixture(scope="module")
def programmes(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Programme]]:
    """The two shipped programmes by key; rolled back when the module is done."""
    with django_db_blocker.unblock(), transaction.atomic():
        for key in (KYMI, EKARJALA):
            path = env.BASE_DIR / "programme" / "data" / f"{key}.yaml"
            load_programme(data=path.read_bytes(), file_name=path.name)
        yield {programme.slug: programme for programme in Programme.objects.all()}
        transaction.set_rollback(True)


@pytest.fixture
def reader(programmes: dict[str, Programme], db: None) -> Client:
    """The programme office of both counties."""
    user = User.objects.create_user("reader")
    for programme in programmes.values():
        RoleGrant.objects.create(programme=programme, user=user, role="pmo")
    client = Client()
    client.force_login(user)
    return client


def text_of(answer: Any) -> str:
    """What a person reads: tags, scripts and double spaces taken away."""
    page = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>", " ", answer.content.decode())
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).replace("\u00a0", " ").split())


@pytest.fixture
def read(reader: Client) -> Callable[..., str]:
    """read("savings/") is the text of Kymenlaakso's page; `programme` and `language` choose another one."""

    def page(path: str, programme: str = KYMI, language: str = "") -> str:
        answer = reader.get(f"{'/' + language if language else ''}/p/{programme}/{path}")
        assert answer.status_code == 200, path
        return text_of(answer)

    return page

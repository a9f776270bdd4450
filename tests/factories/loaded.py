"""The two real programmes as the loader makes them, and a browser of somebody who may read them."""

import html
import re
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import translation

from programme.models import Programme
from tests.factories.accounts import make_member
from tests.factories.programme import load as load_file

KYMENLAAKSO, ETELA_KARJALA = "kymenlaakso", "etela-karjala"


def load(slug: str) -> Programme:
    """The programme of that slug, loaded from the file that ships with the portal."""
    load_file(slug)
    return Programme.objects.get(slug=slug)


def client_of(programme: Programme, role: str = "pmo") -> Client:
    """A signed-in browser of somebody with that role."""
    client = Client()
    client.force_login(make_member(programme, role))
    return client


def address_of(name: str, *args: Any, language: str = "fi") -> str:
    """The page's address in that language, whatever language the test left behind."""
    with translation.override(language):
        return reverse(name, args=args)


def text_of(client: Client, name: str, *args: Any, language: str = "fi", query: str = "") -> str:
    """The page's words without its markup, white space made single."""
    address = address_of(name, *args, language=language) + query
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    main = re.search(r"<main.*</main>", answer.content.decode(), re.DOTALL)
    assert main is not None
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main[0])).split()).replace("\u00a0", " ")

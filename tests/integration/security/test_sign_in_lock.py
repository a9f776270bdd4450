"""Guessing passwords: shut after five, told until when, and no way to learn which names exist."""

import re
import statistics
import time
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.test import Client

from accounts.authentication import digest
from accounts.models import ApiToken
from config import limits
from core.rates import address_of
from tests.factories.accounts import make_person

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
PASSWORD = "a password of hers"


@pytest.fixture(autouse=True)
def _forget_tries() -> None:
    cache.clear()


def sign_in(name: str, password: str = "wrong", address: str = "10.0.0.1", **more: Any) -> Any:
    """One try from that address, in a new browser."""
    return Client(REMOTE_ADDR=address).post(LOGIN, {"login": name, "password": password}, **more)


def page(answer: Any) -> str:
    """What is read, without the secret that differs each time and the hour that passes."""
    return re.sub(r"[A-Za-z0-9]{64}|\d{1,2}[.:]\d{2}\b", "", answer.content.decode())


def let_time_pass(seconds: float) -> None:
    """The tries lie so much further back."""
    for row in AccessAttempt.objects.all():
        AccessAttempt.objects.filter(pk=row.pk).update(
            attempt_time=row.attempt_time - timedelta(seconds=seconds)
        )


# ---------------------------------------------------------------------------- the lock
def test_the_fifth_wrong_password_shuts_the_door_and_says_until_when() -> None:
    make_person("aila", password=PASSWORD)
    answers = [sign_in("aila") for _unused in range(5)]
    right = sign_in("aila", PASSWORD)

    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 429]
    assert right.status_code == 429
    text = right.content.decode()
    assert "data-locked-out" in text
    assert re.search(r"\b\d{1,2}\.\d{2}\b", text), "the hour at which to try again"
    assert 1 <= int(right["Retry-After"]) <= limits.SIGN_IN_LOCK + 1


def test_the_door_opens_after_the_pause_and_trying_on_does_not_lengthen_it() -> None:
    make_person("aila", password=PASSWORD)
    for _unused in range(5):
        sign_in("aila")
    let_time_pass(limits.SIGN_IN_LOCK / 2)
    assert sign_in("aila").status_code == 429
    let_time_pass(limits.SIGN_IN_LOCK / 2)

    assert sign_in("aila", PASSWORD).status_code == 302


def test_the_lock_is_for_one_name_from_one_address() -> None:
    make_person("aila", password=PASSWORD)
    make_person("paula", password=PASSWORD)
    for _unused in range(5):
        sign_in("aila")

    assert sign_in("aila", PASSWORD, address="10.0.0.2").status_code == 302
    assert sign_in("paula", PASSWORD).status_code == 302
    assert sign_in("aila", PASSWORD).status_code == 429


@pytest.mark.parametrize("written", ["Aila", " aila", "AILA"])
def test_writing_the_name_otherwise_gives_no_more_tries(written: str) -> None:
    make_person("aila", password=PASSWORD)
    for _unused in range(4):
        sign_in("aila")

    assert sign_in(written).status_code == 429


def test_the_right_password_in_time_forgets_the_wrong_ones() -> None:
    make_person("aila", password=PASSWORD)
    for _unused in range(4):
        sign_in("aila")
    assert sign_in("aila", PASSWORD).status_code == 302

    assert [sign_in("aila").status_code for _unused in range(4)] == [422] * 4


def test_the_administration_has_the_same_lock() -> None:
    make_person("aila", password=PASSWORD, is_staff=True)
    for _unused in range(5):
        answer = Client(REMOTE_ADDR="10.0.0.1").post(
            "/admin/login/", {"username": "aila", "password": "wrong"}
        )

    assert answer.status_code == 429
    assert sign_in("aila", PASSWORD).status_code == 429


# ---------------------------------------------------------------------------- nobody learns names
def test_a_shut_door_looks_the_same_for_a_name_nobody_has() -> None:
    make_person("aila", password=PASSWORD)
    make_person("anna", password=PASSWORD, is_active=False)
    answers = {}
    for name in ("aila", "anna", "nobody"):
        tries = [sign_in(name) for _unused in range(6)]
        answers[name] = [(answer.status_code, page(answer).replace(name, "")) for answer in tries]

    for number in range(6):
        assert answers["aila"][number] == answers["nobody"][number] == answers["anna"][number]


def test_a_name_nobody_has_costs_the_same_work(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """One password is hashed in each case; that is what takes the time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    make_person("aila", password=PASSWORD)
    hashed: list[str] = []
    for name in ("encode", "verify"):
        real = getattr(Argon2PasswordHasher, name)
        monkeypatch.setattr(
            Argon2PasswordHasher,
            name,
            lambda *args, real=real, name=name: (hashed.append(name), real(*args))[1],
        )
    sign_in("aila")
    known, hashed[:] = len(hashed), []
    sign_in("nobody")

    assert known == len(hashed) == 1


@pytest.mark.nightly
def test_the_answer_takes_as_long_for_a_name_nobody_has(settings: Any) -> None:
    """With the hasher of production; medians of answers from ever new addresses, on a machine at rest."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    make_person("aila", password=PASSWORD)
    took: dict[str, list[float]] = {"aila": [], "nobody": []}
    for number in range(30):
        for name, times in took.items():
            begun = time.perf_counter()
            sign_in(name, address=f"10.1.{number}.{len(name)}")
            times.append(time.perf_counter() - begun)

    assert abs(statistics.median(took["aila"]) - statistics.median(took["nobody"])) < 0.020


# ---------------------------------------------------------------------------- many tries
@pytest.mark.parametrize("guesses", [60, pytest.param(1000, marks=pytest.mark.nightly)])
def test_many_guesses_from_one_address_reach_five_passwords(guesses: int) -> None:
    make_person("aila", password=PASSWORD)
    statuses = [sign_in("aila", f"guess {number}").status_code for number in range(guesses)]

    assert (statuses.count(422), statuses.count(429)) == (4, guesses - 4)
    assert sign_in("aila", PASSWORD).status_code == 429


@pytest.mark.parametrize("addresses", [10, pytest.param(100, marks=pytest.mark.nightly)])
def test_guesses_from_many_addresses_reach_five_each(addresses: int) -> None:
    make_person("aila", password=PASSWORD)
    statuses = [
        sign_in("aila", f"guess {number}", address=f"10.0.1.{number % addresses}").status_code
        for number in range(10 * addresses)
    ]

    assert statuses.count(422) == 4 * addresses
    assert statuses.count(429) == 6 * addresses
    assert sign_in("aila", PASSWORD, address="10.0.2.1").status_code == 302, (
        "the person elsewhere still gets in"
    )


def test_one_address_may_not_try_a_password_on_everybody() -> None:
    statuses = [
        sign_in(f"name-{number}", "Kesa2026!").status_code for number in range(limits.SIGN_IN_SPRAY + 5)
    ]

    assert statuses[: limits.SIGN_IN_SPRAY] == [422] * limits.SIGN_IN_SPRAY
    assert statuses[limits.SIGN_IN_SPRAY :] == [429] * 5


def test_tokens_are_not_guessed(settings: Any) -> None:
    person = make_person()
    ApiToken.objects.create(user=person, digest=digest("good"))
    client = Client(REMOTE_ADDR="10.0.0.1")
    statuses = [
        client.get("/api/v1/programmes/", headers={"authorization": f"Bearer guess-{number}"}).status_code
        for number in range(limits.TOKEN_FAILURES + 3)
    ]

    assert statuses == [401] * limits.TOKEN_FAILURES + [429] * 3
    answer = client.get("/api/v1/programmes/", headers={"authorization": "Bearer good"})
    assert (answer.status_code, answer["Content-Type"]) == (429, "application/json")
    assert int(answer["Retry-After"]) >= 1
    elsewhere = Client(REMOTE_ADDR="10.0.0.2")
    assert elsewhere.get("/api/v1/programmes/", headers={"authorization": "Bearer good"}).status_code == 200


# ---------------------------------------------------------------------------- what is kept and told
def test_no_password_is_stored_or_logged(caplog: pytest.LogCaptureFixture) -> None:
    sign_in("aila", "hunter2-hunter2")
    row = AccessAttempt.objects.get()

    assert (row.username, row.ip_address) == ("aila", "10.0.0.1")
    assert "hunter2" not in f"{row.post_data}{row.get_data}{caplog.text}"
    assert "sign_in_failed" in caplog.text


def test_the_lock_holds_without_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    make_person("aila", password=PASSWORD)
    monkeypatch.setattr("core.rates.cache", Away())
    for _unused in range(5):
        sign_in("aila")

    assert sign_in("aila", PASSWORD).status_code == 429


class Away:
    """What core.cache answers while Redis is away."""

    def get_or_set(self, key: str, value: Any, seconds: float) -> Any:
        return value

    def get(self, key: str, default: Any = None) -> Any:
        return default

    def add(self, *args: Any) -> bool:
        return False

    def incr(self, key: str) -> int:
        return 1


@pytest.mark.parametrize(
    ("trusted", "header", "address"),
    [
        (0, "", "10.9.9.9"),
        (0, "1.2.3.4", "10.9.9.9"),
        (1, "", "10.9.9.9"),
        (1, "1.2.3.4", "1.2.3.4"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.7", "1.2.3.4"),
    ],
)
def test_the_address_is_what_trusted_proxies_saw(
    rf: Any, settings: Any, trusted: int, header: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = trusted
    more = {"HTTP_X_FORWARDED_FOR": header} if header else {}

    assert address_of(rf.get("/", REMOTE_ADDR="10.9.9.9", **more)) == address

"""A bad value of the environment ends the start with one sentence and exit code 2."""

import pytest

from config import env

GOOD_SECRET = "k3Jq9vLw2Zr8Yt5Xb7Nc1Md4Pf6Hg0Sa-_Qe.Ru~Ti+Oy=Uw!z"


def refusal(capsys, call, *arguments, **keywords) -> str:
    """The sentence the call stops with."""
    with pytest.raises(SystemExit) as stopped:
        call(*arguments, **keywords)
    assert stopped.value.code == 2
    sentence = capsys.readouterr().err
    assert sentence.count("\n") == 1
    assert sentence.endswith(".\n")
    return sentence


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("", "missing"),
        ("short", "weak"),
        ("a" * 60, "weak"),
        ("django-insecure-" + GOOD_SECRET, "sample"),
        ("change-me-" + GOOD_SECRET, "sample"),
        ("This-is-a-Sample-" + GOOD_SECRET, "sample"),
    ],
)
def test_production_refuses_a_missing_weak_or_sample_secret(monkeypatch, capsys, value, word):
    monkeypatch.setenv("SECRET_KEY", value)
    sentence = refusal(capsys, env.secret_key, strict=True)
    assert "SECRET_KEY" in sentence
    assert word in sentence
    assert GOOD_SECRET not in sentence


def test_production_takes_a_random_secret(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", GOOD_SECRET)
    assert env.secret_key(strict=True) == GOOD_SECRET


def test_local_secret_is_made_once_and_readable_by_its_owner_only(monkeypatch, tmp_path):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path))
    first = env.secret_key(strict=False)
    assert len(first) >= 50
    assert env.secret_key(strict=False) == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_data_folder_that_cannot_be_written_is_named(monkeypatch, capsys, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path / "file" / "var"))
    assert "data folder" in refusal(capsys, env.secret_key, strict=False)


@pytest.mark.parametrize("value", ["0", "65536", "eight", "-1", "80.5", "٨٠"])
def test_bad_port_is_refused(monkeypatch, capsys, value):
    monkeypatch.setenv("PORT", value)
    assert "PORT" in refusal(capsys, env.port)


@pytest.mark.parametrize("value", ["127.0.0.1", "127.8.9.1", "localhost", "::1", "[::1]"])
def test_demo_mode_listens_on_loopback(monkeypatch, value):
    monkeypatch.setenv("PORTAL_DEMO", "1")
    monkeypatch.setenv("HOST", value)
    assert env.host() == value


@pytest.mark.parametrize(
    "value", ["0.0.0.0", "::", "192.0.2.7", "portal.example.org", "127.0.0.1.example.org"]
)
def test_demo_mode_refuses_other_addresses(monkeypatch, capsys, value):
    monkeypatch.setenv("PORTAL_DEMO", "1")
    monkeypatch.setenv("HOST", value)
    assert "loopback" in refusal(capsys, env.host)


def test_without_demo_mode_any_address_goes(monkeypatch):
    monkeypatch.delenv("PORTAL_DEMO", raising=False)
    monkeypatch.setenv("HOST", "0.0.0.0")
    assert env.host() == "0.0.0.0"


def test_flag_that_is_neither_yes_nor_no_is_refused(monkeypatch, capsys):
    monkeypatch.setenv("PORTAL_DEMO", "maybe")
    assert "PORTAL_DEMO" in refusal(capsys, env.demo)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///file.db",
        "mysql://u@h/d",
        "postgresql://",
        "postgresql://host",
        "postgresql:///portal",
        "postgresql://user@host:port/portal",
        "portal",
        "http://host/portal",
    ],
)
def test_bad_database_url_is_refused(capsys, url):
    assert "DATABASE_URL" in refusal(capsys, env.database, "DATABASE_URL", url)


def test_password_is_not_told_in_a_refusal(capsys):
    sentence = refusal(capsys, env.database, "DATABASE_URL", "postgresql://user:hunter2@host:port/portal")
    assert "hunter2" not in sentence


def test_database_url_is_taken_apart():
    settings = env.database(
        "DATABASE_URL", "postgresql://us%40er:pa%2Fss@db.example.org:5433/portal?sslmode=require"
    )
    assert settings["USER"] == "us@er"
    assert settings["PASSWORD"] == "pa/ss"
    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db.example.org", "5433", "portal")
    assert settings["OPTIONS"] == {"sslmode": "require"}


def test_database_url_with_a_socket():
    settings = env.database("DATABASE_URL", "postgresql://portal_app@/portal?host=/tmp/Some-Folder")
    assert (settings["HOST"], settings["PORT"], settings["USER"]) == ("/tmp/Some-Folder", "", "portal_app")


@pytest.mark.parametrize("url", ["http://host", "redis://", "unix://", "redis://host:port/0", "host:6379"])
def test_bad_redis_url_is_refused(capsys, url):
    assert "REDIS_URL" in refusal(capsys, env.redis_url, "REDIS_URL", url)


def test_broker_address_of_a_socket_is_written_the_way_celery_wants_it():
    assert (
        env.broker_url("unix:///tmp/x/redis.sock?db=3") == "redis+socket:///tmp/x/redis.sock?virtual_host=3"
    )
    assert env.broker_url("redis://h:6379/0") == "redis://h:6379/0"


@pytest.mark.parametrize("value", ["sotkanet.fi", "ftp://host", "https://"])
def test_bad_http_address_is_refused(monkeypatch, capsys, value):
    monkeypatch.setenv("SOTKANET_BASE_URL", value)
    assert "SOTKANET_BASE_URL" in refusal(capsys, env.http_url, "SOTKANET_BASE_URL", "https://example.org")


def test_mail_address_is_taken_apart():
    settings = env.email("smtp+tls://user:pass@mail.example.org:587")
    assert settings["EMAIL_HOST"] == "mail.example.org"
    assert settings["EMAIL_PORT"] == 587
    assert settings["EMAIL_USE_TLS"] is True


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail", "smtp+tls://user@host:port"])
def test_bad_mail_address_is_refused(capsys, url):
    assert "EMAIL_URL" in refusal(capsys, env.email, url)


@pytest.mark.parametrize("value", ["-1", "1.5", "two", "²"])
def test_a_count_that_is_no_whole_number_is_refused(monkeypatch, capsys, value):
    monkeypatch.setenv("TRUSTED_PROXIES", value)

    assert "TRUSTED_PROXIES" in refusal(capsys, env.count, "TRUSTED_PROXIES", 1)


def test_a_count_is_read_or_taken_as_given(monkeypatch):
    monkeypatch.setenv("TRUSTED_PROXIES", "2")
    assert env.count("TRUSTED_PROXIES", 1) == 2
    monkeypatch.delenv("TRUSTED_PROXIES")
    assert env.count("TRUSTED_PROXIES", 1) == 1

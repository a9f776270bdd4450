"""The one place that reads the environment.

Each value is validated when it is asked for. A bad or missing one stops the start with one sentence on
standard error and exit code 2, without a traceback.
"""

import ipaddress
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qsl, unquote, urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent

#: Words that give a secret away as a sample, an example from a guide or a leftover of development.
SAMPLE_SECRET_WORDS = (
    "insecure",
    "sample",
    "example",
    "change",
    "secret",
    "password",
    "test",
    "django",
    "xxxx",
)
SECRET_MIN_LENGTH = 50
SECRET_MIN_DISTINCT = 10
TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"", "0", "false", "no", "off"}


class BadEnvironment(SystemExit):
    """A value of the environment that the portal cannot start with; the sentence is already on stderr."""

    def __init__(self, sentence: str) -> None:
        super().__init__(2)
        self.sentence = sentence


def stop(sentence: str) -> NoReturn:
    """Prints the sentence and ends the process with exit code 2."""
    print(sentence, file=sys.stderr, flush=True)
    raise BadEnvironment(sentence)


def text(name: str, default: str = "") -> str:
    """The variable without white space around it; the default when unset or empty."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    """A yes or no; unset is the default."""
    if name not in os.environ:
        return default
    word = os.environ[name].strip().lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    stop(f"{name} must be 1 or 0, not {word!r}.")


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list, empty parts left out."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def data_dir() -> Path:
    """The folder of everything the portal writes: var/ in the clone, or PORTAL_DATA_DIR."""
    return Path(text("PORTAL_DATA_DIR", str(BASE_DIR / "var"))).expanduser().resolve()


def demo() -> bool:
    """Whether demo accounts are wanted; set by `make run` only."""
    return flag("PORTAL_DEMO")


def port() -> int:
    """The TCP port of the web server."""
    value = text("PORT", "8000")
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= 65535:
        stop(f"PORT must be a number from 1 to 65535, not {value!r}.")
    return int(value)


def count(name: str, default: int) -> int:
    """A whole number, not below zero."""
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit():
        stop(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def is_loopback(host: str) -> bool:
    """Whether the address can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def host() -> str:
    """The address the web server listens on; in demo mode only a loopback one is let through."""
    value = text("HOST", "127.0.0.1")
    if demo() and not is_loopback(value):
        stop(
            f"HOST is {value!r}, but demo mode (PORTAL_DEMO=1) has accounts with a known password and starts only on "
            "a loopback address such as 127.0.0.1."
        )
    return value


def secret_key(*, strict: bool) -> str:
    """SECRET_KEY; strict refuses a missing, short or sample one.

    Without strict, a missing one is made up once and kept in the data folder, readable by its owner only.
    """
    value = text("SECRET_KEY")
    if not strict:
        return value or _kept_secret()
    if not value:
        stop("SECRET_KEY is missing: set it to a random text of at least 50 characters.")
    found = next((word for word in SAMPLE_SECRET_WORDS if word in value.lower()), None)
    if found:
        stop(f"SECRET_KEY looks like a sample (it contains {found!r}): set it to a random text of its own.")
    if len(value) < SECRET_MIN_LENGTH or len(set(value)) < SECRET_MIN_DISTINCT:
        stop(f"SECRET_KEY is too weak: it needs at least {SECRET_MIN_LENGTH} random characters.")
    return value


def _kept_secret() -> str:
    from django.core.management.utils import get_random_secret_key

    path = data_dir() / "secret_key"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(get_random_secret_key())
    except FileExistsError:
        pass
    except OSError as error:
        stop(f"The data folder {data_dir()} cannot be written to: {error.strerror}.")
    return path.read_text().strip() or get_random_secret_key()


def database(name: str, url: str) -> dict[str, Any]:
    """Django's settings of the database at the URL.

    Takes postgresql://user:password@host:port/name?option=value; a Unix socket is given as ?host=/folder.
    """
    form = "postgresql://user:password@host:5432/name"
    try:
        parts = urlsplit(url)
        number = parts.port
    except ValueError:
        stop(f"{name} is not a database address; it should look like {form}.")
    if parts.scheme not in {"postgres", "postgresql"}:
        stop(f"{name} must begin with postgresql:// (PostgreSQL is the only database engine), like {form}.")
    options = dict(parse_qsl(parts.query))
    server = options.pop("host", "") or unquote(parts.hostname or "")
    database_name = unquote(parts.path.lstrip("/"))
    if not server or not database_name:
        stop(
            f"{name} lacks the {'host' if not server else 'name of the database'}; it should look like {form}."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database_name,
        "USER": unquote(parts.username or options.pop("user", "")),
        "PASSWORD": unquote(parts.password or options.pop("password", "")),
        "HOST": server,
        "PORT": str(number or options.pop("port", "")),
        "OPTIONS": options,
    }


def redis_url(name: str, url: str) -> str:
    """The Redis address, checked: redis://, rediss:// or unix:///path?db=0."""
    form = "redis://host:6379/0 or unix:///folder/redis.sock?db=0"
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        stop(f"{name} is not a Redis address; it should look like {form}.")
    if parts.scheme not in {"redis", "rediss", "unix"}:
        stop(f"{name} must begin with redis://, rediss:// or unix://, like {form}.")
    if not (parts.path if parts.scheme == "unix" else parts.hostname):
        stop(f"{name} lacks the {'path of the socket' if parts.scheme == 'unix' else 'host'}, like {form}.")
    return url


def broker_url(url: str) -> str:
    """The same Redis as Celery writes it: a Unix socket has another scheme there."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    number = dict(parse_qsl(parts.query)).get("db", "0")
    return f"redis+socket://{parts.path}?virtual_host={number}"


def http_url(name: str, default: str) -> str:
    """An http or https address without the slash at its end."""
    value = text(name, default)
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        stop(f"{name} must be an http:// or https:// address, not {value!r}.")
    return value.rstrip("/")


def email(url: str) -> Mapping[str, Any]:
    """Django's mail settings of EMAIL_URL: smtp://, smtp+tls://, smtp+ssl://, consolemail://, or dummymail://."""
    import environ
    from django.core.exceptions import ImproperlyConfigured

    try:
        settings = environ.Env.email_url_config(url)
    except (KeyError, ValueError, ImproperlyConfigured):
        settings = {}
    if "EMAIL_BACKEND" not in settings:
        stop(
            "EMAIL_URL is not a mail address of a server; it should look like smtp+tls://user:password@host:587."
        )
    return {key: value for key, value in settings.items() if key != "OPTIONS"}

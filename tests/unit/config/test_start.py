"""What a person sees who starts the portal with something wrong: one sentence, exit code 2, no traceback."""

import os
import socket
import subprocess
import sys

import pytest

from config.env import BASE_DIR

GOOD = {
    "SECRET_KEY": "k3Jq9vLw2Zr8Yt5Xb7Nc1Md4Pf6Hg0Sa-_Qe.Ru~Ti+Oy=Uw!z",
    "ALLOWED_HOSTS": "portal.example.org",
    "DATABASE_URL": "postgresql://portal_app@127.0.0.1:1/portal",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONDONTWRITEBYTECODE")


def start(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a Python module of ours with this environment and nothing else."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return subprocess.run(
        [sys.executable, *command],
        cwd=BASE_DIR,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence."""
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1
    return done.stderr


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": "changeme" * 8}, "sample"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is missing"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is missing"),
        ({"DATABASE_URL": "mysql://h/d"}, "DATABASE_URL"),
        ({"REDIS_URL": "nonsense"}, "REDIS_URL"),
        ({"PORTAL_DEMO": "1"}, "PORTAL_DEMO"),
        ({"EMAIL_URL": "nonsense"}, "EMAIL_URL"),
    ],
)
@pytest.mark.parametrize("part", ["web", "worker"])
def test_production_says_what_is_wrong(change, word, part):
    assert word in refused(start("-m", "config.serve", part, **(GOOD | change)))


def test_production_commands_say_it_too():
    done = start(
        "manage.py",
        "check",
        DJANGO_SETTINGS_MODULE="config.settings.production",
        **(GOOD | {"SECRET_KEY": ""}),
    )
    assert "SECRET_KEY is missing" in refused(done)


def test_demo_mode_refuses_an_open_address(tmp_path):
    done = start("-m", "config.supervisor", PORTAL_DEMO="1", HOST="0.0.0.0", PORTAL_DATA_DIR=str(tmp_path))
    assert "loopback" in refused(done)
    assert list(tmp_path.iterdir()) == []


def test_port_in_use_is_told(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = start(
            "-m", "config.supervisor", PORTAL_DEMO="1", PORT=str(port), PORTAL_DATA_DIR=str(tmp_path)
        )
    assert f"Port {port} is already in use" in refused(done)


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "MIGRATE_DATABASE_URL"])
def test_bad_address_of_a_server_stops_the_local_portal(tmp_path, name):
    done = start("-m", "config.supervisor", PORTAL_DATA_DIR=str(tmp_path), **{name: "nonsense"})
    assert name in refused(done)


def test_deployment_check_is_clean_on_production_settings():
    done = start(
        "manage.py", "check", "--deploy", "--fail-level", "WARNING",
        DJANGO_SETTINGS_MODULE="config.settings.production", EMAIL_URL="smtp+tls://127.0.0.1:587", **GOOD,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr

"""docker-compose.yml and the image, as far as they can be tried without an engine.

The file is parsed, and each entry command of ours is run with the environment the file gives it, against real
servers: only the addresses of the servers differ.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
import yaml

from config.env import BASE_DIR

OURS = ("migrate", "web", "worker", "beat")
VALUES = {
    "SECRET_KEY": "k3Jq9vLw2Zr8Yt5Xb7Nc1Md4Pf6Hg0Sa-_Qe.Ru~Ti+Oy=Uw!z",
    "ALLOWED_HOSTS": "portal.example.org",
    "SITE_ADDRESS": "portal.example.org",
    "POSTGRES_PASSWORD": "postgrespassword",
    "OWNER_PASSWORD": "ownerpassword",
    "APP_PASSWORD": "apppassword",
    "REDIS_PASSWORD": "redispassword",
}


def filled_in(text: str) -> str:
    """What compose makes of ${NAME}, ${NAME:-default} and ${NAME:?message}; $$ is a dollar."""

    def value(found: re.Match[str]) -> str:
        name, default = found["name"], found["default"]
        if name in VALUES:
            return VALUES[name]
        assert default is not None, f"{name} has neither a value nor a default"
        return default

    form = re.compile(r"(?<!\$)\$\{(?P<name>[A-Z_]+)(?::-(?P<default>[^}]*)|:\?[^}]*)?\}")
    return form.sub(value, text).replace("$$", "$")


def fill(node):
    """Fills in every text of the parsed file; compose does it in this order, so an empty value stays a text."""
    if isinstance(node, dict):
        return {key: fill(value) for key, value in node.items()}
    if isinstance(node, list):
        return [fill(value) for value in node]
    return filled_in(node) if isinstance(node, str) else node


@pytest.fixture(scope="module")
def compose() -> dict:
    return fill(yaml.safe_load((BASE_DIR / "docker-compose.yml").read_text()))


def test_services_of_the_production_shape(compose):
    assert set(compose["services"]) == {*OURS, "postgres", "valkey", "proxy"}
    assert compose["services"]["postgres"]["image"] == "postgres:18"
    assert set(compose["volumes"]) >= {"database", "queue", "media", "certificates"}


@pytest.mark.parametrize("name", ["web", "worker", "beat", "postgres", "valkey", "proxy"])
def test_every_lasting_service_is_checked_and_started_again(compose, name):
    service = compose["services"][name]
    assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    assert service["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", OURS)
def test_ours_cannot_write_but_where_they_should_and_gain_no_rights(compose, name):
    service = compose["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "privileged" not in service


def test_only_the_proxy_is_reached_from_outside(compose):
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]


def test_volumes_and_mounted_files_exist(compose):
    for service in compose["services"].values():
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert (BASE_DIR / source).exists() if source.startswith("./") else source in compose["volumes"]


def test_no_password_is_written_in_the_file():
    text = (BASE_DIR / "docker-compose.yml").read_text()
    for name in ("SECRET_KEY", "OWNER_PASSWORD", "APP_PASSWORD", "REDIS_PASSWORD", "POSTGRES_PASSWORD"):
        assert f"${{{name}:?" in text
        assert f"${{{name}:-" not in text


def test_embedded_and_container_database_sort_alike(compose):
    from config.embedded import postgres

    for option in ("--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST"):
        assert option in compose["services"]["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]
        assert option in Path(postgres.__file__).read_text()
    script = (BASE_DIR / "deploy" / "postgres-init.sh").read_text()
    for name in postgres.EXTENSIONS:
        assert f"CREATE EXTENSION {name};" in script


def test_image_ends_as_an_ordinary_user_with_locked_packages():
    lines = (BASE_DIR / "Dockerfile").read_text().splitlines()
    assert [line for line in lines if line.startswith("USER ")] == ["USER portal"]
    assert lines.index("USER portal") > max(
        i for i, line in enumerate(lines) if line.startswith(("RUN", "COPY"))
    )
    assert any("--require-hashes" in line for line in lines)


def test_image_leaves_development_behind():
    left_out = (BASE_DIR / ".dockerignore").read_text().split()
    assert {".git", ".venv", "var", "tests", ".env"} <= set(left_out)


# ---------------------------------------------------------------------------- the commands themselves
def environment(
    compose: dict, name: str, child_env: dict[str, str], data: Path, **more: str
) -> dict[str, str]:
    """What the container would see, with the test's own servers in the place of postgres and valkey."""
    given = {key: str(value) for key, value in compose["services"][name]["environment"].items()}
    assert given["DATABASE_URL"] == "postgresql://portal_app:apppassword@postgres:5432/portal"
    assert given["REDIS_URL"] == "redis://:redispassword@valkey:6379/0"
    image = dict(re.findall(r"(DJANGO_SETTINGS_MODULE|HOST)=(\S+)", (BASE_DIR / "Dockerfile").read_text()))
    servers = {key: child_env[key] for key in ("DATABASE_URL", "REDIS_URL")}
    if "MIGRATE_DATABASE_URL" in given:
        servers["MIGRATE_DATABASE_URL"] = child_env["MIGRATE_DATABASE_URL"]
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "PORTAL_QUEUE") if key in os.environ}
    return kept | given | image | servers | {"PORTAL_DATA_DIR": str(data)} | more


def run(compose: dict, name: str, environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    command = compose["services"][name]["command"]
    assert command[0] == "python"
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, *command[1:]], cwd=BASE_DIR, env=environment, stdout=output, stderr=output,
            start_new_session=True,
        )  # fmt: skip


def probe(compose: dict, name: str, environment: dict[str, str]) -> int:
    """The service's own health check."""
    words = compose["services"][name]["healthcheck"]["test"]
    assert words[:2] == ["CMD", "python"]
    return subprocess.run([sys.executable, *words[2:]], cwd=BASE_DIR, env=environment, timeout=60).returncode


def until(condition, process: subprocess.Popen[bytes], log: Path, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, log.read_text()[-3000:]
        assert time.monotonic() < end, log.read_text()[-3000:]
        time.sleep(0.1)


def stop(process: subprocess.Popen[bytes]) -> int:
    process.terminate()
    return process.wait(40)


@pytest.mark.django_db(transaction=True)
def test_migrate_command(compose, child_env, tmp_path):
    log = tmp_path / "log"
    process = run(compose, "migrate", environment(compose, "migrate", child_env, tmp_path), log)
    assert process.wait(120) == 0, log.read_text()[-3000:]
    assert "No migrations to apply" in log.read_text()


@pytest.mark.django_db(transaction=True)
def test_web_command_and_its_health_check(compose, child_env, tmp_path):
    shutil.copytree(
        BASE_DIR / "static", tmp_path / "static"
    )  # the image has them packed; here the folder will do
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    given = environment(compose, "web", child_env, tmp_path, PORT=port, HOST="127.0.0.1")
    log = tmp_path / "log"
    process = run(compose, "web", given, log)
    try:
        until(lambda: probe(compose, "web", given) == 0, process, log)
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/readyz",
            headers={"Host": "portal.example.org", "X-Forwarded-Proto": "https"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert answer.status == 200
            assert b'"database": "ok"' in answer.read()
    finally:
        code = stop(process)
    assert code == 0
    assert probe(compose, "web", given) == 1


@pytest.mark.django_db(transaction=True)
def test_worker_command_and_its_health_check(compose, child_env, tmp_path):
    given = environment(compose, "worker", child_env, tmp_path)
    log = tmp_path / "log"
    process = run(compose, "worker", given, log)
    try:
        until(lambda: b" ready." in log.read_bytes(), process, log)
        assert probe(compose, "worker", given) == 0
    finally:
        code = stop(process)
    assert code == 0
    assert probe(compose, "worker", given) == 1


@pytest.mark.django_db(transaction=True)
def test_beat_command_and_its_health_check(compose, child_env, tmp_path):
    given = environment(compose, "beat", child_env, tmp_path, PORTAL_TIME_SCALE="20")
    log = tmp_path / "log"
    process = run(compose, "beat", given, log)
    try:
        until(lambda: probe(compose, "beat", given) == 0, process, log)
    finally:
        code = stop(process)
    assert code == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_production_refuses_demo_accounts(compose, child_env, tmp_path, name):
    from accounts.models import User

    User.objects.create(username="pmo", is_demo=True)
    log = tmp_path / "log"
    process = run(compose, name, environment(compose, name, child_env, tmp_path, PORT="1"), log)
    assert process.wait(60) == 2
    said = log.read_text()
    assert said.count("\n") == 1
    assert "demo accounts" in said

"""The embedded servers: started once for all, stopped after the last user, whole again after kill -9."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis as redis_client

from config import embedded
from config.embedded import postgres, process, redis
from config.env import BASE_DIR

pytestmark = [
    pytest.mark.xdist_group("embedded"),
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
]


def gone(pid: int, seconds: float = 60) -> bool:
    """Whether the process ends in time."""
    end = time.monotonic() + seconds
    while process.alive(pid):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def state(data: Path) -> dict[str, int]:
    import json

    return json.loads((data / embedded.STATE).read_text())


@pytest.fixture
def data(tmp_path):
    """A data folder whose servers are gone when the test ends."""
    yield tmp_path / "var"
    with contextlib.suppress(OSError, ValueError):
        keeper = state(tmp_path / "var")["keeper"]
        os.kill(keeper, signal.SIGTERM)
        gone(keeper)


def client(data: Path, *, hold: bool = True) -> subprocess.Popen[str]:
    """Another process that uses the servers until its input ends."""
    code = (
        "import sys; from pathlib import Path; from config import embedded; claim = embedded.use(Path(sys.argv[1]), "
        "fast=True); print('up', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(data)], cwd=BASE_DIR, text=True,
        stdin=subprocess.PIPE if hold else subprocess.DEVNULL, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert other.stdout is not None
    assert other.stdout.readline() == "up\n"
    return other


def leave(other: subprocess.Popen[str]) -> None:
    other.communicate("")


def test_servers_live_as_long_as_their_last_user(data):
    first, second = client(data), client(data)
    servers = state(data)
    leave(first)
    with psycopg.connect(embedded.database_url(data)) as connection:
        row = connection.execute("SELECT current_user, current_setting('server_version_num')::int").fetchone()
    assert row is not None
    assert row[0] == "portal_app"
    assert row[1] >= 180000
    assert process.alive(servers["postgres"])
    leave(second)
    assert gone(servers["keeper"])
    assert not process.alive(servers["postgres"])
    assert not process.alive(servers["redis"])
    assert not (data / embedded.STATE).exists()


def test_two_starts_at_once_make_one_pair_of_servers(data):
    code = (
        "import sys; from pathlib import Path; from config import embedded; data = Path(sys.argv[1]); "
        "claim = embedded.use(data, fast=True); print((data / embedded.STATE).read_text(), flush=True); "
        "sys.stdin.read()"
    )
    others = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(data)], cwd=BASE_DIR, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in range(4)
    ]  # fmt: skip
    states = {other.stdout.readline() for other in others if other.stdout is not None}
    for other in others:
        leave(other)
    assert len(states) == 1


def test_nothing_is_left_and_nothing_lost_after_kill_9_of_everything(data):
    other = client(data)
    servers = state(data)
    with psycopg.connect(embedded.database_url(data, owner=True), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept SELECT generate_series(1, 500)")
    with redis_client.Redis.from_url(embedded.redis_url(data)) as store:
        store.set("kept", "yes")
    time.sleep(1.1)  # the append-only file is flushed every second
    for pid in (other.pid, servers["keeper"], servers["postgres"], servers["redis"]):
        os.kill(pid, signal.SIGKILL)
    other.wait()
    assert all(gone(pid) for pid in servers.values())

    again = client(data)
    with psycopg.connect(embedded.database_url(data)) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (500,)
    with redis_client.Redis.from_url(embedded.redis_url(data)) as store:
        assert store.get("kept") == b"yes"
    leave(again)


def test_servers_go_when_their_only_user_is_killed(data):
    other = client(data)
    servers = state(data)
    other.kill()
    other.communicate()
    assert all(gone(pid) for pid in servers.values())


def test_servers_go_when_the_keeper_is_killed(data):
    other = client(data)
    servers = state(data)
    os.kill(servers["keeper"], signal.SIGKILL)
    assert gone(servers["postgres"])
    assert gone(servers["redis"])
    leave(other)


def test_a_server_that_dies_is_started_again(data):
    other = client(data)
    servers = state(data)
    os.kill(servers["postgres"], signal.SIGKILL)
    end = time.monotonic() + 60
    while state(data)["postgres"] == servers["postgres"] and time.monotonic() < end:
        time.sleep(0.05)
    with psycopg.connect(embedded.database_url(data)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    leave(other)


def test_lock_file_with_the_number_of_a_stranger_is_no_obstacle(data):
    leave(client(data))
    with (data / embedded.LOCK).open() as lock:
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_SH)  # waits until the keeper has ended
    (data / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{data}/postgres\n0\n5432\n\n\n\n")
    leave(client(data))


def test_roles_cannot_do_more_than_they_should(data):
    other = client(data)
    with psycopg.connect(embedded.database_url(data, owner=True), autocommit=True) as owner:
        owner.execute("CREATE TABLE thing (id bigserial PRIMARY KEY, n int)")
    with psycopg.connect(embedded.database_url(data), autocommit=True) as app:
        app.execute("INSERT INTO thing (n) VALUES (1)")
        app.execute("UPDATE thing SET n = 2")
        for forbidden in (
            "TRUNCATE thing",
            "DROP TABLE thing",
            "ALTER TABLE thing ADD m int",
            "CREATE TABLE other ()",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(forbidden)
        for name in postgres.EXTENSIONS:
            assert app.execute("SELECT 1 FROM pg_extension WHERE extname = %s", [name]).fetchone() == (1,)
    leave(other)


def test_finnish_letters_sort_and_fold_without_system_locales(data):
    other = client(data)
    with psycopg.connect(embedded.database_url(data)) as connection:
        assert connection.execute("SELECT lower('ÄÖÅ'), upper('straße')").fetchone() == ("äöå", "STRASSE")
    leave(other)


def test_sockets_are_private_and_short_whatever_the_folder_is_called(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / ("long" * 30)))
    monkeypatch.setattr("tempfile.tempdir", None)
    folder = embedded.socket_folder(tmp_path / "var")
    try:
        assert len(f"{folder}/.s.PGSQL.5432.lock") < 107
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (tmp_path / "var" / embedded.SOCKETS).read_text().strip() == str(folder)
        assert embedded.socket_folder(tmp_path / "var") == folder
    finally:
        folder.rmdir()


def test_folder_that_somebody_else_made_open_is_not_used(tmp_path):
    first = embedded.socket_folder(tmp_path)
    first.chmod(0o777)
    second = embedded.socket_folder(tmp_path)
    try:
        assert second != first
        assert second.stat().st_mode & 0o777 == 0o700
    finally:
        first.rmdir()
        second.rmdir()


def test_missing_folder_rights_are_told_in_a_sentence(tmp_path):
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "postgres").write_text("in the way")
    with pytest.raises(embedded.EmbeddedError) as refused:
        embedded.use(tmp_path / "var")
    assert str(refused.value).endswith(".")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_root_without_user_namespaces_starts_postgres_as_nobody(monkeypatch):
    import shutil
    import tempfile

    monkeypatch.setenv("PORTAL_NO_USERNS", "1")
    folder = Path(tempfile.mkdtemp(prefix="portal-nobody-", dir="/tmp"))
    folder.chmod(0o755)  # nobody must be able to reach the data
    sockets = folder / "s"
    sockets.mkdir(mode=0o700)
    server = postgres.Postgres(folder / "data", sockets, folder / "log", fast=True)
    if not nobody_reaches(postgres.programs()):
        shutil.rmtree(folder)
        pytest.skip("the programs lie where the user nobody cannot reach them")
    try:
        server.start()
        assert server.pid is not None
        assert Path(f"/proc/{server.pid}").stat().st_uid == process.NOBODY
        with psycopg.connect(postgres.url(sockets)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        server.stop()
        assert not server.running()
    finally:
        server.stop()
        shutil.rmtree(folder)


def nobody_reaches(folder: Path) -> bool:
    return all(part.stat().st_mode & 0o001 for part in [folder, *folder.parents])


def test_redis_answers_as_itself(tmp_path):
    sockets = embedded.socket_folder(tmp_path / "var")
    server = redis.Redis(tmp_path / "redis", sockets, tmp_path / "log")
    server.start()
    try:
        assert redis.process_id(sockets) == server.pid
    finally:
        server.stop()
    assert redis.process_id(sockets) is None
    for path in sockets.iterdir():
        path.unlink()
    sockets.rmdir()

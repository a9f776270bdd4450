"""The process that owns the embedded servers: starts them, restarts one that dies, stops them when unused.

Prints one line when it is done starting: "ready", or the sentence that says why not.
"""

import fcntl
import json
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from config.embedded import LOCK, STATE, socket_folder
from config.embedded.postgres import Postgres, PostgresError
from config.embedded.redis import Redis, RedisError

LOOK_SECONDS = 0.2
RESTARTS = 5


class Stopped(Exception):
    """Somebody asked the keeper to end."""


def _on_signal(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


def _write_state(data: Path, postgres: Postgres, redis: Redis) -> None:
    draft = data / f"{STATE}.{os.getpid()}"
    draft.write_text(json.dumps({"keeper": os.getpid(), "postgres": postgres.pid, "redis": redis.pid}))
    draft.replace(data / STATE)


def _say(line: str) -> None:
    print(line, flush=True)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)


def _unused(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _watch(data: Path, postgres: Postgres, redis: Redis) -> None:
    """Returns, with the exclusive lock held by the process, when the last user has gone."""
    left = RESTARTS
    lock = os.open(data / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
    while not _unused(lock):
        for server in (postgres, redis):
            if not server.running():
                if not left:
                    return
                left -= 1
                server.start()
                _write_state(data, postgres, redis)
        time.sleep(LOOK_SECONDS)


def main(data: Path, *, fast: bool) -> int:
    """Exit code 0 after a clean stop, 1 when a server could not be started."""
    own = (data / "embedded.keeper.lock").open("a+")
    fcntl.flock(own, fcntl.LOCK_EX)  # one keeper for each data folder; an ending one is waited for
    sockets = socket_folder(data)
    postgres = Postgres(data / "postgres", sockets, data / "postgres.log", fast=fast)
    redis = Redis(data / "redis", sockets, data / "redis.log")
    code = 0
    try:
        postgres.start()
        redis.start()
        _write_state(data, postgres, redis)
        _say("ready")
        _watch(data, postgres, redis)
    except (PostgresError, RedisError) as error:
        _say(str(error))
        code = 1
    except OSError as error:
        _say(f"The embedded servers cannot use the data folder {data}: {error.strerror}.")
        code = 1
    except Stopped:
        pass
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        (data / STATE).unlink(missing_ok=True)
        redis.stop()
        postgres.stop()
    return code


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _on_signal)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(main(Path(sys.argv[1]), fast="--fast" in sys.argv[2:]))

"""How asking Sotkanet ends when it gives no figures."""

from __future__ import annotations

from datetime import datetime
from typing import Any


class Failure(Exception):
    """Nothing usable came: `code` has words (words.py) that `params` fill.

    `is_passing` tells that the same question may succeed later without anybody doing anything; `retry_at` when
    it makes sense to ask, None where the caller's own rhythm will do.
    """

    def __init__(
        self,
        code: str,
        params: dict[str, Any] | None = None,
        *,
        is_passing: bool = False,
        retry_at: datetime | None = None,
    ) -> None:
        super().__init__(code)
        self.code, self.params, self.is_passing, self.retry_at = code, params or {}, is_passing, retry_at

    def __str__(self) -> str:
        return f"{self.code} {self.params}" if self.params else self.code


class ServiceFailure(Failure):
    """The service itself was in trouble, not this question: several in a row and it is left alone.

    `again` tells that the same request may be repeated at once; `wait` is the service's own wish, in seconds.
    """

    def __init__(
        self,
        code: str,
        params: dict[str, Any] | None = None,
        *,
        is_passing: bool = True,
        again: bool = False,
        wait: float | None = None,
    ) -> None:
        super().__init__(code, params, is_passing=is_passing)
        self.again, self.wait = again, wait


class NotModified(Exception):
    """The answer is the one that the caller has seen already."""

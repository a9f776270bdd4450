"""Jobs for tests."""

from typing import Any

from core.models import Job


def make_job(kind: str = "test", key: str = "k", **fields: Any) -> Job:
    """A queued job; fields as in the model."""
    return Job.objects.create(kind=kind, key=key, **fields)

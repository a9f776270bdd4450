"""Each process of a test run has a Redis database and a queue of its own, and its settings say so."""

import os

from django.conf import settings


def test_settings_were_read_after_the_environment_was_set():
    assert os.environ["REDIS_URL"] == settings.REDIS_URL
    assert os.environ["PORTAL_QUEUE"] == settings.CELERY_TASK_DEFAULT_QUEUE
    assert os.environ.get("PYTEST_XDIST_WORKER", "main") in settings.CELERY_TASK_DEFAULT_QUEUE

"""The Celery application: the broker only wakes a worker, the job row in PostgreSQL is the truth."""

import os

from celery import Celery
from celery.signals import worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def die_with_parent(**_kwargs: object) -> None:
    """A pool process ends when the worker that forked it is killed; the lease hands its job on."""
    import signal

    from config.embedded.process import set_parent_death_signal

    set_parent_death_signal(signal.SIGKILL)

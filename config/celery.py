"""The Celery application: the broker only wakes a worker, the job row in PostgreSQL is the truth."""

import os

from celery import Celery
from celery.signals import beat_embedded_init, worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
@beat_embedded_init.connect
def die_with_worker(**_kwargs: object) -> None:
    """A process of the worker ends when the worker is killed; the lease hands its job on."""
    from billiard.process import current_process

    from config.embedded.process import die_with

    die_with(getattr(current_process(), "_parent_pid", None))

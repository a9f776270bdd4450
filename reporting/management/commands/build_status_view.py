"""`build_status_view KEY YYYY-MM`: builds and freezes the month's status view here and now."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.jobs import run_job
from core.models import Job
from core.periods import MonthError, parse_month
from programme.models import Programme
from reporting.documents import FutureMonth
from reporting.models import StatusView
from reporting.services import request_status_view


class Command(BaseCommand):
    help = "Builds and freezes the big-room status view of a month; a month that has one keeps it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("key", help="the programme's key in addresses, for example kymenlaakso")
        parser.add_argument("month", help="the month as YYYY-MM")

    def handle(self, *args: Any, key: str, month: str, **options: Any) -> None:
        programme = Programme.objects.filter(slug=key).first()
        if programme is None:
            known = ", ".join(Programme.objects.order_by("slug").values_list("slug", flat=True)) or "none"
            raise CommandError(f"There is no programme {key}. Loaded programmes: {known}.")
        try:
            first_day = parse_month(month)
            job = request_status_view(programme=programme, month=first_day, by=None)
        except MonthError as error:
            raise CommandError(f"{month}: write the month as YYYY-MM.") from error
        except FutureMonth as error:
            raise CommandError(
                f"{month} has not begun: the programme's day is {programme.today()}."
            ) from error
        state = run_job(job.pk)
        if state != Job.State.DONE:
            job.refresh_from_db()
            raise CommandError(f"The status view was not built: job {job.pk} is {state} {job.error_code}.")
        view = StatusView.objects.filter(
            programme=programme, month=first_day, state=StatusView.State.FROZEN
        ).latest("revision")
        self.stdout.write(f"{key} {month} revision {view.revision} sha256 {view.sha256}")

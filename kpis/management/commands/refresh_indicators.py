"""Reads the figures of Sotkanet that changed, here and now, and prints what came."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from core.jobs import error_of, run_job
from core.models import Job
from kpis.models import RefreshItem, RefreshRun
from kpis.refreshing.jobs import counts_of
from kpis.refreshing.runs import ask, links_of
from kpis.refreshing.words import state_words, told
from programme.models import Programme

#: Seconds between two looks at a job that a worker has taken.
LOOK = 0.5


class Command(BaseCommand):
    help = (
        "Reads the Sotkanet figures of a programme, or of all, that changed since they were last read. Ends with 1 "
        "when an indicator failed or is tried again later."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--programme", default="", help="key of the programme; all of them without it")
        parser.add_argument("--language", choices=["fi", "sv", "en"], default="en", help="of what is said")

    def handle(self, *args: Any, **options: Any) -> None:
        programmes = list(Programme.objects.order_by("pk"))
        if options["programme"]:
            programmes = [one for one in programmes if one.slug == options["programme"]]
            if not programmes:
                raise CommandError(f"There is no programme with the key {options['programme']}.")
        with translation.override(options["language"]):
            if not all([self._refresh(one) for one in programmes]):
                raise SystemExit(1)

    def _refresh(self, programme: Programme) -> bool:
        """Whether everything came."""
        if not links_of(programme).exists():
            self.stdout.write(f"{programme.slug}: no Sotkanet sources")
            return True
        run = ask(programme=programme)
        while True:  # a long run goes on in further jobs
            run.refresh_from_db()
            assert run.job_id is not None
            job = Job.objects.get(pk=run.job_id)
            if run.ended_at is not None or job.state not in Job.ACTIVE:
                break
            run_job(job.pk)
            job.refresh_from_db()
            if job.state == Job.State.RUNNING:  # a worker was quicker
                time.sleep(LOOK)
        return self._print(run, job)

    def _print(self, run: RefreshRun, job: Job) -> bool:
        self.stdout.write(f"{run.programme.slug}: run {run.pk}")
        head = ("indicator", "state", "new", "revised", "unchanged", "aside")
        self.stdout.write("{:>10}  {:<22} {:>6} {:>8} {:>10} {:>6}".format(*head))
        for item in run.items.all():
            row = (
                item.sotkanet_id,
                str(state_words(item)),
                item.new,
                item.revised,
                item.unchanged,
                item.quarantined,
            )
            self.stdout.write("{:>10}  {:<22} {:>6} {:>8} {:>10} {:>6}".format(*row))
            if item.code:
                self.stdout.write(f"{'':>10}  {told(item.code, item.params)}")
        sums = counts_of(run)
        self.stdout.write(", ".join(f"{name} {count}" for name, count in sums.items()))
        if job.state == Job.State.FAILED:
            self.stderr.write(error_of(job))
        failed = run.items.filter(state__in=[RefreshItem.State.FAILED, RefreshItem.State.RETRY]).exists()
        return job.state == Job.State.DONE and not failed

"""The first live contact with Sotkanet, as a check of what the portal believes of it."""

import textwrap
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from kpis.sotkanet.client import Sotkanet
from kpis.sotkanet.contact import DIFFERS, FAILED, first_contact


class Command(BaseCommand):
    help = (
        "Asks Sotkanet a few dozen questions, one a second, and prints what differs from what the portal believes. "
        "Stores nothing. Ends with 1 when something differs or gave no answer."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        is_fine = True
        with translation.override("en"), Sotkanet() as client:
            self.stdout.write(client.base_url)
            self.stdout.write(f"{'':8} {'what':32} {'believed':40} found")
            for one in first_contact(client):
                is_fine = is_fine and one.verdict not in {DIFFERS, FAILED}
                believed = textwrap.shorten(one.believed, 40, placeholder="...")
                self.stdout.write(f"{one.verdict:8} {one.what:32} {believed:40} {one.found}")
        if not is_fine:
            raise SystemExit(1)

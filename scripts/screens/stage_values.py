"""Entered values, and a file of values that waits to be taken over."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile

from kpis.demo.entered import write_entered
from kpis.models import Indicator
from kpis.values.files.mapping import ValueMapping
from kpis.values.files.running import bring, choose_columns
from measures.models import ImportKind, ImportRun
from programme.models import Programme


def bring_values(programme: Programme, user: Any) -> None:
    """Values of every state, and a file with two values and a mistake."""
    write_entered(programme)
    if ImportRun.objects.filter(programme=programme, kind=ImportKind.VALUES).exists():
        return
    keys = (
        Indicator.objects.filter(programme=programme).order_by("position").values_list("key", flat=True)[:2]
    )
    rows = ["Mittari;Vuosi;Arvo", f"{keys[0]};2023;48,3", f"{keys[1]};2023;1 204", "tuntematon;2023;1"]
    file = ContentFile("\n".join(rows).encode(), name="arvot.csv")
    run = bring(programme=programme, file=file, link=None, by=user)
    mapping = ValueMapping.of_json(run.options["mapping"])
    choose_columns(run=run, mapping=mapping, name="Tilastot", by=user)

"""Rows of a file between reading and taking over: shown, chosen, then gone. The run tells what became of them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from measures.models.imports import ImportRun


class StagedState(models.TextChoices):
    """What a row of the file would do. Asked about is never taken over unless a person ticks it."""

    SAME = "same", _("no change")
    CHANGED = "changed", _("changes")
    NEW = "new", _("new")
    ASKED = "asked", _("look at this")
    REFUSED = "refused", _("cannot be taken over")


class Staged(models.Model):
    """One row of a sheet. `problems` are rows of {column, code, params}; `row` counts from 1 as on the screen."""

    id = models.BigAutoField(primary_key=True)
    sheet = models.CharField(max_length=100)
    row = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=StagedState.choices, default=StagedState.SAME)
    accepted = models.BooleanField(default=False)
    problems = models.JSONField(default=list)

    class Meta:
        abstract = True


class StagedMeasure(Staged):
    """One measure of the file: what would change in which column, or the whole of a new one.

    `values` holds what is stored by field, `changes` rows of {column, field, old, new} as people read them.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="staged_measures")
    code = models.CharField(max_length=20, blank=True)
    measure_id = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(null=True)
    values = models.JSONField(default=dict)
    changes = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["run", "state", "row"], name="measures_stagedmeasure_page")]


class StagedMonths(Staged):
    """One line in one series with its months, EUR cents, NULL for a month without a value.

    `amounts` begins with January of the run's first year. `line_id` is NULL for a line that `new_line` would make.
    `print` is the sum over the live months that the row was exported with, `live` the one it was compared with.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="staged_months")
    code = models.CharField(max_length=20, blank=True)
    line_id = models.BigIntegerField(null=True)
    new_line = models.JSONField(null=True)
    series = models.CharField(max_length=13)
    amounts = ArrayField(models.BigIntegerField(null=True))
    print = models.BigIntegerField(null=True)
    live = models.BigIntegerField(null=True)
    changed = models.PositiveSmallIntegerField(default=0)
    old_eur_cents = models.BigIntegerField(null=True)
    new_eur_cents = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["run", "state", "row"], name="measures_stagedmonths_page")]

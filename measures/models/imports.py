"""Files that are read in: how their columns are understood, and what became of each file."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row


class ImportKind(models.TextChoices):
    LEDGER = "ledger", _("books and budgets")
    MEASURES = "measures", _("workbook of this portal")
    FOREIGN = "foreign", _("list of measures from elsewhere")
    SPENDING = "spending", _("use of funding")
    VALUES = "values", _("values of indicators")


@tracked()
class ImportMapping(Row):
    """How the columns of a kind of file are understood, kept under a name for the next time."""

    view_action = "measure.view"
    edit_action = "measure.import"

    kind = models.CharField(_("kind of file"), max_length=8, choices=ImportKind.choices)
    name = models.CharField(_("name"), max_length=200)
    mapping = models.JSONField(default=dict)

    class Meta(Row.Meta):
        ordering = ["kind", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "kind", "name"],
                name="measures_importmapping_name",
                violation_error_message=_("There is already a mapping with this name."),
            ),
        ]


@tracked(exclude=["options", "counts", "problems"])
class ImportRun(Row):
    """One file on its way in: read, checked and shown first; then applied whole in one transaction, or not at all."""

    view_action = "measure.view"
    edit_action = "measure.import"

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("uploaded")
        READ = "read", _("read, waiting for you")
        REFUSED = "refused", _("refused")
        APPLIED = "applied", _("applied")
        DISCARDED = "discarded", _("discarded")

    kind = models.CharField(_("kind of file"), max_length=8, choices=ImportKind.choices)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.UPLOADED)
    file = models.FileField(upload_to="imports/%Y/%m/", max_length=300, blank=True)
    file_name = models.CharField(_("file"), max_length=255)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64)
    mapping = models.ForeignKey(
        ImportMapping, null=True, blank=True, on_delete=models.SET_NULL, related_name="runs"
    )
    options = models.JSONField(default=dict, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    problems = models.JSONField(
        default=list, blank=True, help_text=_("Rows of {sheet, row, column, code, params}.")
    )
    data_version = models.BigIntegerField(null=True, blank=True)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)

    class Meta(Row.Meta):
        ordering = ["-id"]
        indexes = [models.Index(fields=["programme", "kind", "-id"], name="measures_importrun_latest")]

"""What the programme file said of each row when it was last loaded."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LoadedRow(models.Model):
    """A row that came from the programme file, and the file's values for it.

    A later load changes only what the file changed since: what people wrote in the portal stays.
    Rows without a LoadedRow were made by people, and no load ever removes them. Derived data
    without history: the rows themselves have theirs.
    """

    programme = models.ForeignKey("programme.Programme", on_delete=models.CASCADE, related_name="+")
    model = models.CharField(max_length=60)
    key = models.CharField(max_length=300)
    object_id = models.BigIntegerField()
    values = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "model", "key"],
                name="programme_loadedrow_once",
                violation_error_message=_("This row of the file is already loaded."),
            ),
        ]

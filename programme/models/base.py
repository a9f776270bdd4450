"""Small parts that several models of programme facts share."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row
from core.text import Named


class Direction(models.TextChoices):
    """Which way a figure should move."""

    UP = "up", _("up")
    DOWN = "down", _("down")


class Item(Row, Named):
    """A line of a list that hangs under another row, in the order of its source."""

    key = models.CharField(max_length=150)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(Row.Meta):
        abstract = True
        ordering = ["position", "id"]

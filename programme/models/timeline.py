"""How the programme was prepared and how it proceeds: workshops and the roadmap."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row, Sourced
from core.text import Named
from programme.models.base import Item


@tracked()
class RoadmapActivity(Row, Named, Sourced):
    """An activity of the roadmap, from the first day of `starts_on` to the last day `ends_on`.

    The source speaks of months or a whole year: `from_text` and `to_text` keep its words.
    """

    key = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    from_text = models.CharField(max_length=20)
    to_text = models.CharField(max_length=20)
    starts_on = models.DateField()
    ends_on = models.DateField()
    on_date = models.DateField(null=True, blank=True, help_text=_("The day itself, when it is known."))

    class Meta(Row.Meta):
        verbose_name_plural = "roadmap activities"
        ordering = ["position"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "key"],
                name="programme_roadmapactivity_key",
                violation_error_message=_("The roadmap already has an activity with this key."),
            ),
            models.CheckConstraint(
                name="programme_roadmapactivity_dates",
                condition=Q(starts_on__lte=F("ends_on")),
                violation_error_message=_("The activity must not end before it starts."),
            ),
        ]


@tracked()
class RoadmapPart(Item):
    """A part of an activity."""

    activity = models.ForeignKey(RoadmapActivity, on_delete=models.CASCADE, related_name="parts")

    class Meta(Item.Meta):
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(fields=["programme", "key"], name="programme_roadmappart_key"),
        ]


@tracked()
class PreparationWorkshop(Row, Named, Sourced):
    """A workshop in which the programme was prepared."""

    number = models.PositiveSmallIntegerField()
    held_on = models.DateField(null=True, blank=True)

    class Meta(Row.Meta):
        ordering = ["number"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "number"],
                name="programme_preparationworkshop_number",
                violation_error_message=_("There is already a workshop with this number."),
            ),
        ]

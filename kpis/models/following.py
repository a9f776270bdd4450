"""What follows what: the indicators that a measure or a goal is meant to move."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row
from kpis.models.indicators import Indicator
from measures.models import Measure
from measures.models.measures import PartOfMeasure
from programme.models import Direction, Goal


class Moving(models.Model):
    """How something is meant to move an indicator, and after how long it should show."""

    class Effect(models.TextChoices):
        DIRECT = "direct", _("moves it directly")
        INDIRECT = "indirect", _("contributes to it")
        GUARD = "guard", _("must not harm it")

    effect = models.CharField(_("effect"), max_length=8, choices=Effect.choices, default=Effect.INDIRECT)
    direction = models.CharField(_("towards"), max_length=4, choices=Direction.choices, blank=True)
    lag_months = models.PositiveSmallIntegerField(_("shows after (months)"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        abstract = True


@tracked()
class MeasureIndicator(PartOfMeasure, Moving):
    """An indicator by which the effect of a measure is followed."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="indicator_links")
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="measure_links")

    class Meta(PartOfMeasure.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "measure", "indicator"],
                name="kpis_measureindicator_once",
                violation_error_message=_("The measure is followed by this indicator already."),
            ),
        ]


@tracked()
class GoalIndicator(Row, Moving):
    """An indicator that a goal is meant to move."""

    view_action = "kpi.view"
    edit_action = "kpi.edit"

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="indicator_links")
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="goal_links")

    class Meta(Row.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "goal", "indicator"],
                name="kpis_goalindicator_once",
                violation_error_message=_("The goal has this indicator already."),
            ),
        ]

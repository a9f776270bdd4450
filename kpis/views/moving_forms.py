"""How a measure or a goal is meant to move an indicator, as a form."""

from core.editing.forms import RowForm
from kpis.models import GoalIndicator, MeasureIndicator

FIELDS = ("effect", "direction", "lag_months", "note")


class MeasureMovingForm(RowForm):
    class Meta:
        model = MeasureIndicator
        fields = FIELDS


class GoalMovingForm(RowForm):
    class Meta:
        model = GoalIndicator
        fields = FIELDS

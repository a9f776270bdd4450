"""What the owner of a measure answered for a month."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row
from measures.models.measures import Measure


@tracked()
class MonthlyUpdate(Row):
    """One month of one measure, answered: as forecast, or with new figures. The figures are savings entries."""

    view_action = "measure.view"
    edit_action = "update.give"

    class Answer(models.TextChoices):
        SAME = "same", _("same as last month")
        CHANGED = "changed", _("new figures")

    measure = models.ForeignKey(
        Measure, verbose_name=_("measure"), on_delete=models.CASCADE, related_name="updates", db_index=False
    )
    month = models.DateField(_("month"))
    answer = models.CharField(_("answer"), max_length=7, choices=Answer.choices)
    note = models.TextField(_("note"), blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("given by"), null=True, on_delete=models.PROTECT,
        related_name="+", db_index=False,
    )  # fmt: skip
    given_at = models.DateTimeField(_("given at"), db_default=Now())

    class Meta(Row.Meta):
        verbose_name = _("monthly update")
        verbose_name_plural = _("monthly updates")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "measure", "month"],
                name="measures_monthlyupdate_once",
                violation_error_message=_("This month is already updated."),
            ),
            models.CheckConstraint(
                name="measures_monthlyupdate_month",
                condition=Q(month__day=1),
                violation_error_message=_("Give the month as its first day."),
            ),
        ]
        indexes = [models.Index(fields=["measure", "-month"], name="measures_update_latest")]

    def scope_ids(self, kind: str) -> set[int | None]:
        return self.measure.scope_ids(kind)

"""The way out of the deficit: where it started, by when it has to be covered, what each year brings."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row, Sourced


@tracked()
class DeficitPath(Row, Sourced):
    """What has to be covered and by when; one row for a programme. The deficit is a positive amount."""

    view_action = "savings.view"
    edit_action = "deficit.edit"

    opening_year = models.PositiveSmallIntegerField(_("year in whose accounts the deficit stands"))
    opening_deficit_eur_cents = models.BigIntegerField(_("deficit to be covered"))
    cover_year_by_law = models.PositiveSmallIntegerField(_("to be covered by law by the end of"))
    own_target_year = models.PositiveSmallIntegerField(_("own target year"), null=True, blank=True)

    class Meta(Row.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["programme"],
                name="programme_deficitpath_once",
                violation_error_message=_("The programme already has its deficit path."),
            ),
            models.CheckConstraint(
                name="programme_deficitpath_positive",
                condition=models.Q(opening_deficit_eur_cents__gte=0),
                violation_error_message=_("Give the deficit as a positive amount."),
            ),
        ]


@tracked()
class YearResult(Row, Sourced):
    """The result of a year as stated on a day: + surplus, - deficit, the opposite of the sign of effects (R20)."""

    view_action = "savings.view"
    edit_action = "deficit.edit"

    class Kind(models.TextChoices):
        ACCOUNTS = "accounts", _("accounts")
        BUDGET = "budget", _("budget")
        FORECAST = "forecast", _("forecast of the result")

    year = models.PositiveSmallIntegerField(_("year"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    result_eur_cents = models.BigIntegerField(_("result (+ surplus, - deficit)"))
    includes_programme = models.BooleanField(
        _("the effects of the programme are already in it"),
        default=False,
    )
    stated_on = models.DateField(_("stated on"))

    class Meta(Row.Meta):
        ordering = ["year", "stated_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "year", "kind", "stated_on"],
                name="programme_yearresult_once",
                violation_error_message=_("This year already has a result stated on that day."),
            ),
        ]

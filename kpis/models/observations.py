"""What was observed, what waits for somebody before it counts, and what a person judged."""

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row
from kpis.models.indicators import Indicator
from kpis.models.refresh import RefreshRun
from kpis.models.sources import SourceLink

_MONTH = [MinValueValidator(1), MaxValueValidator(12)]
#: What an approved value says: a correction is a new value.
_SAID = (
    "indicator_id", "source_link_id", "year", "term", "month", "region_role", "region", "breakdown", "value", "count",
    "base_count", "is_baseline", "source", "state", "decided_by_id", "decided_on", "observation_id",
)  # fmt: skip
_CHANGED = " OR ".join(f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in _SAID)
_CHANGED = f"({_CHANGED})"


class Observation(Row):
    """One value of an indicator for a period and region. A revised value is a new vintage, never an edit.

    Append-only, so without history of its own. An unknown value has no row.
    """

    view_action = "kpi.view"

    #: The key of the indicator proves the programme, so a series of thousands is not asked about each row again.
    programme = models.ForeignKey(
        "programme.Programme", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )

    class Region(models.TextChoices):
        OWN = "own", _("own county")
        NATIONAL = "national", _("whole country")
        PEER = "peer", _("another county")

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="observations")
    source_link = models.ForeignKey(
        SourceLink, null=True, blank=True, on_delete=models.PROTECT, related_name="observations"
    )
    year = models.PositiveSmallIntegerField()
    term = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("Four-month term of the year, 1 to 3.")
    )
    month = models.PositiveSmallIntegerField(null=True, blank=True, validators=_MONTH)
    region_role = models.CharField(max_length=8, choices=Region.choices, default=Region.OWN)
    region = models.CharField(
        max_length=60, blank=True, help_text=_("Category and code: HYVINVOINTIALUE:10.")
    )
    breakdown = models.CharField(max_length=60, blank=True)
    value = models.DecimalField(max_digits=18, decimal_places=4)
    count = models.DecimalField(
        max_digits=18,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("The number behind a rate or share."),
    )
    base_count = models.DecimalField(
        max_digits=18, decimal_places=4, null=True, blank=True, help_text=_("Out of how many.")
    )
    vintage = models.PositiveSmallIntegerField(default=1)
    is_baseline = models.BooleanField(default=False)
    source = models.CharField(max_length=300, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(
        max_length=64, blank=True, help_text=_("Of the answer the value was read from.")
    )
    run = models.ForeignKey(
        RefreshRun, null=True, blank=True, on_delete=models.SET_NULL, related_name="observations",
        db_constraint=False,
    )  # fmt: skip
    is_illustrative = models.BooleanField(default=False)

    class Meta(Row.Meta):
        ordering = ["year", "term", "month", "region_role", "vintage"]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "programme",
                    "indicator",
                    "source_link",
                    "year",
                    "term",
                    "month",
                    "region_role",
                    "region",
                    "breakdown",
                    "vintage",
                ],
                nulls_distinct=False,
                name="kpis_observation_once",
                violation_error_message=_("This value is already there; a revised one is a new vintage."),
            ),
            models.CheckConstraint(
                name="kpis_observation_month",
                condition=Q(month__isnull=True) | Q(month__gte=1, month__lte=12),
                violation_error_message=_("The month is from 1 to 12."),
            ),
            models.CheckConstraint(
                name="kpis_observation_term",
                condition=Q(term__isnull=True) | Q(term__gte=1, term__lte=3, month__isnull=True),
                violation_error_message=_("The term is from 1 to 3, and a month has none."),
            ),
        ]


@tracked()
class ManualValue(Row):
    """A value somebody enters. It counts once another person approves it; a returned one says why.

    Counts and shares only: `value` is what is followed, `count` of `base_count` what it is worked out from.
    Results of a person are never stored.
    """

    view_action = "kpi.view"
    edit_action = "kpi.enter"

    class State(models.TextChoices):
        ENTERED = "entered", _("waiting for approval")
        APPROVED = "approved", _("approved")
        RETURNED = "returned", _("returned")

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="manual_values")
    source_link = models.ForeignKey(
        SourceLink, verbose_name=_("source"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="manual_values",
    )  # fmt: skip
    year = models.PositiveSmallIntegerField(_("year"))
    term = models.PositiveSmallIntegerField(_("term (1 to 3)"), null=True, blank=True)
    month = models.PositiveSmallIntegerField(_("month"), null=True, blank=True, validators=_MONTH)
    region_role = models.CharField(
        _("of whom"), max_length=8, choices=Observation.Region.choices, default=Observation.Region.OWN
    )
    region = models.CharField(_("region"), max_length=60, blank=True)
    breakdown = models.CharField(_("group"), max_length=60, blank=True)
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4)
    count = models.DecimalField(_("number"), max_digits=18, decimal_places=4, null=True, blank=True)
    base_count = models.DecimalField(_("out of"), max_digits=18, decimal_places=4, null=True, blank=True)
    is_baseline = models.BooleanField(_("baseline"), default=False)
    source = models.CharField(_("source"), max_length=300, blank=True)
    note = models.TextField(_("note"), blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.ENTERED)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        db_index=False,
    )  # fmt: skip
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        db_index=False,
    )  # fmt: skip
    decided_on = models.DateField(_("decided"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    observation = models.OneToOneField(
        Observation, null=True, blank=True, on_delete=models.PROTECT, related_name="manual_value"
    )
    is_illustrative = models.BooleanField(default=False)

    class Meta(Row.Meta):
        ordering = ["-year", "-term", "-month", "-id"]
        constraints = [
            models.CheckConstraint(
                name="kpis_manualvalue_period",
                condition=(Q(term__isnull=True) | Q(term__gte=1, term__lte=3, month__isnull=True))
                & (Q(month__isnull=True) | Q(month__gte=1, month__lte=12)),
                violation_error_message=_("Give a year, or a term from 1 to 3, or a month from 1 to 12."),
            ),
            models.CheckConstraint(
                name="kpis_manualvalue_part",
                condition=Q(count__isnull=True) | Q(base_count__isnull=True)
                | Q(count__gte=0, base_count__gt=0, count__lte=F("base_count")),
                violation_error_message=_("The number cannot exceed what it is counted out of."),
            ),
            models.CheckConstraint(
                name="kpis_manualvalue_approved",
                condition=Q(state="approved", observation__isnull=False, decided_on__isnull=False)
                | ~Q(state="approved") & Q(observation__isnull=True),
                violation_error_message=_("An approved value is one that counts, with the day of its approval."),
            ),
            models.CheckConstraint(
                name="kpis_manualvalue_returned",
                condition=~Q(state="returned") | ~Q(reason=""),
                violation_error_message=_("Write why the value is returned."),
            ),
            models.CheckConstraint(
                name="kpis_manualvalue_not_own",
                condition=~Q(state="approved") | Q(entered_by__isnull=True) | Q(decided_by__isnull=True)
                | ~Q(decided_by=F("entered_by")),
                violation_error_message=_("Nobody approves a value they have entered."),
            ),
            models.UniqueConstraint(
                fields=[
                    "programme", "indicator", "source_link", "year", "term", "month", "region_role", "region",
                    "breakdown",
                ],
                condition=Q(state="entered"), nulls_distinct=False, name="kpis_manualvalue_one_waiting",
                violation_error_message=_("A value of this period waits for approval already."),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["programme", "state"], name="kpis_manualvalue_state")]
        triggers = [
            *Row.Meta.triggers,
            # Who entered a value and who approved it are told apart by these two columns: neither is rewritten.
            pgtrigger.Protect(
                name="who_entered_stays", operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("entered_by"),
            ),
            pgtrigger.Protect(
                name="approved_stays", operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.state = 'approved' AND " + _CHANGED),
            ),
        ]  # fmt: skip

    def scope_ids(self, kind: str) -> set[int | None]:
        return self.indicator.scope_ids(kind)


@tracked()
class QuarantinedValue(Row):
    """A fetched value that is not plausible; somebody takes it or refuses it, and says why."""

    view_action = "kpi.view"
    edit_action = "kpi.edit"

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for a decision")
        TAKEN = "taken", _("taken")
        REFUSED = "refused", _("refused")

    source_link = models.ForeignKey(SourceLink, on_delete=models.CASCADE, related_name="quarantined")
    year = models.PositiveSmallIntegerField()
    region_role = models.CharField(max_length=8, choices=Observation.Region.choices)
    region = models.CharField(max_length=60, blank=True)
    breakdown = models.CharField(max_length=60, blank=True)
    value = models.DecimalField(max_digits=18, decimal_places=4)
    count = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    before = models.DecimalField(
        max_digits=18, decimal_places=4, null=True, blank=True, help_text=_("The value it was compared with.")
    )
    code = models.CharField(max_length=40, help_text=_("Why: jump, range and so on."))
    params = models.JSONField(default=dict, blank=True)
    fetched_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    run = models.ForeignKey(
        RefreshRun, null=True, blank=True, on_delete=models.SET_NULL, related_name="quarantined"
    )
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.TextField(_("reason"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        db_index=False,
    )  # fmt: skip
    decided_on = models.DateField(null=True, blank=True)

    class Meta(Row.Meta):
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "source_link", "year", "region_role", "region", "breakdown", "value"],
                condition=Q(state="waiting"),
                name="kpis_quarantinedvalue_one_waiting",
            ),
            models.CheckConstraint(
                name="kpis_quarantinedvalue_decided",
                condition=Q(state="waiting", decided_on__isnull=True)
                | ~Q(state="waiting") & Q(decided_on__isnull=False) & ~Q(reason=""),
                violation_error_message=_("A decision needs its day and its reason."),
            ),
        ]  # fmt: skip


@tracked()
class Judgement(Row):
    """What a person judged of an indicator in a year, where no figure can: met, or yes and no, with the reason."""

    view_action = "kpi.view"
    edit_action = "kpi.judge"

    class Answer(models.TextChoices):
        MET = "met", _("met")
        PARTLY = "partly", _("partly met")
        ON_THE_WAY = "on_the_way", _("on the way")
        NOT_MET = "not_met", _("not met")
        YES = "yes", _("yes")
        NO = "no", _("no")

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="judgements")
    year = models.PositiveSmallIntegerField(_("year"))
    answer = models.CharField(_("answer"), max_length=10, choices=Answer.choices)
    reason = models.TextField(_("reason"))
    judged_on = models.DateField(_("judged"))
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        db_index=False,
    )  # fmt: skip

    class Meta(Row.Meta):
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "indicator", "year"],
                name="kpis_judgement_once",
                violation_error_message=_("The year has been judged already; change that judgement."),
            ),
            models.CheckConstraint(
                name="kpis_judgement_reason",
                condition=~Q(reason=""),
                violation_error_message=_("Write what the judgement rests on."),
            ),
        ]

    def scope_ids(self, kind: str) -> set[int | None]:
        return self.indicator.scope_ids(kind)

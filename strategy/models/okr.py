"""Objectives and key results in seasons of some months, set by units themselves; and the action plan beside them."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.history import tracked
from core.models import Row, Sourced
from core.text import Named
from kpis.models import Indicator
from programme.models import Sector, Theme
from strategy.models.objectives import AnnualObjective
from strategy.models.vision import MainLine
from strategy.triggers import starts_with_key_results


@tracked()
class SeasonCycle(Row, Named, Sourced):
    """How long development seasons are and when they begin; one row a programme."""

    view_action = "strategy.view"
    edit_action = "okr.edit"

    length_months = models.PositiveSmallIntegerField()
    seasons_per_year = models.PositiveSmallIntegerField()
    boundaries = models.JSONField(
        default=list, blank=True, help_text=_("First and last month of each: 01-04.")
    )

    class Meta(Row.Meta):
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme"],
                name="strategy_seasoncycle_one",
                violation_error_message=_("The programme already has its season cycle."),
            ),
            models.CheckConstraint(
                name="strategy_seasoncycle_year",
                condition=Q(length_months__gte=1, length_months__lte=12, seasons_per_year__gte=1),
                violation_error_message=_("A season lasts from 1 to 12 months."),
            ),
        ]


@tracked()
class Unit(Row, Named):
    """A unit that sets objectives: the county, a sector, a unit or a team. `uses_okr_from` turns OKR on for it."""

    view_action = "strategy.view"
    edit_action = "okr.edit"

    class Level(models.TextChoices):
        COUNTY = "county", _("county")
        SECTOR = "sector", _("sector")
        UNIT = "unit", _("unit")
        TEAM = "team", _("team")

    key = models.SlugField(max_length=60)
    level = models.CharField(_("level"), max_length=6, choices=Level.choices)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="parts",
    )
    sector = models.ForeignKey(
        Sector,
        verbose_name=_("sector"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="okr_units",
    )
    uses_okr_from = models.DateField(_("uses OKR from"), null=True, blank=True)
    is_closed = models.BooleanField(_("no longer a unit"), default=False)
    position = models.PositiveSmallIntegerField(default=0)
    is_illustrative = models.BooleanField(default=False)

    class Meta(Row.Meta):
        ordering = ["position", "id"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "key"],
                name="strategy_unit_key",
                violation_error_message=_("There is already a unit with this key."),
            ),
            models.CheckConstraint(
                name="strategy_unit_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                violation_error_message=_("A unit is not a part of itself."),
            ),
        ]

    def scope_ids(self, kind: str) -> set[int | None]:
        """A unit is its members' own."""
        return set(self.members.values_list("user", flat=True)) if kind == "own" else set()


@tracked()
class UnitMember(Row):
    """Somebody of a unit, who sets and follows its objectives with the others."""

    view_action = "strategy.view"
    edit_action = "okr.edit"

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.CASCADE, related_name="okr_units"
    )
    is_lead = models.BooleanField(_("leads the unit"), default=False)

    class Meta(Row.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "unit", "user"],
                name="strategy_unitmember_once",
                violation_error_message=_("The person is in the unit already."),
            ),
        ]

    def scope_ids(self, kind: str) -> set[int | None]:
        return self.unit.scope_ids(kind)


@tracked()
class Season(Row):
    """One development season. It opens, closes with its scores and lessons, and is archived."""

    view_action = "strategy.view"
    edit_action = "okr.edit"

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")
        ARCHIVED = "archived", _("archived")

    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveSmallIntegerField(_("number in the year"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PLANNED)
    lessons = models.TextField(_("lessons"), blank=True)
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    is_illustrative = models.BooleanField(default=False)

    class Meta(Row.Meta):
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "year", "number"],
                name="strategy_season_once",
                violation_error_message=_("The year already has a season with this number."),
            ),
            models.CheckConstraint(
                name="strategy_season_days",
                condition=Q(starts_on__lt=F("ends_on")),
                violation_error_message=_("The season must end after it starts."),
            ),
            ExclusionConstraint(
                name="strategy_season_apart",
                expressions=[
                    ("programme", RangeOperators.EQUAL),
                    (
                        Func("starts_on", "ends_on", Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("Two seasons cannot run on the same day."),
            ),
            models.CheckConstraint(
                name="strategy_season_closed",
                condition=Q(state__in=["planned", "open"], closed_on__isnull=True)
                | Q(state__in=["closed", "archived"], closed_on__isnull=False),
                violation_error_message=_("A closed season has the day it was closed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}/{self.year}"


@tracked()
class Objective(Row, Named):
    """What a unit wants to reach in a season. It starts only with at least one key result."""

    view_action = "strategy.view"
    edit_action = "okr.own"

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        STARTED = "started", _("started")
        CLOSED = "closed", _("closed")
        DROPPED = "dropped", _("dropped")

    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="objectives")
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="objectives"
    )
    parent = models.ForeignKey(
        "self", verbose_name=_("serves the objective"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="parts",
    )  # fmt: skip
    annual_objective = models.ForeignKey(
        AnnualObjective, verbose_name=_("annual objective"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="season_objectives",
    )  # fmt: skip
    spearhead = models.ForeignKey(
        Theme, verbose_name=_("spearhead"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="season_objectives",
    )  # fmt: skip
    main_line = models.ForeignKey(
        MainLine, verbose_name=_("main line"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="season_objectives",
    )  # fmt: skip
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="season_objectives",
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(default=0)
    why = models.TextField(_("why now"), blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.DRAFT)
    score = models.DecimalField(_("score (0 to 1)"), max_digits=3, decimal_places=2, null=True, blank=True)
    comment = models.TextField(_("what came of it"), blank=True)
    carried_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="carried_to"
    )
    is_illustrative = models.BooleanField(default=False)

    class Meta(Row.Meta):
        ordering = ["position", "id"]
        triggers = [*Row.Meta.triggers, starts_with_key_results()]
        constraints = [
            *Named.Meta.constraints,
            models.CheckConstraint(
                name="strategy_objective_linked",
                condition=Q(annual_objective__isnull=False) | Q(spearhead__isnull=False)
                | Q(main_line__isnull=False) | Q(parent__isnull=False),
                violation_error_message=_(
                    "Say what in the strategy it serves: an annual objective, a spearhead, a main line or an "
                    "objective above."
                ),
            ),
            models.CheckConstraint(
                name="strategy_objective_score",
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=1),
                violation_error_message=_("A score is from 0 to 1."),
            ),
            models.UniqueConstraint(
                fields=["programme", "season", "carried_from"],
                condition=Q(carried_from__isnull=False),
                name="strategy_objective_carried_once",
                violation_error_message=_("The objective has been carried over to this season already."),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["programme", "season", "unit"], name="strategy_objective_season")]

    def scope_ids(self, kind: str) -> set[int | None]:
        return self.unit.scope_ids(kind)


@tracked()
class KeyResult(Row, Named):
    """How it is seen that an objective was reached: from where to where, or yes or no."""

    view_action = "strategy.view"
    edit_action = "okr.own"

    class Kind(models.TextChoices):
        NUMBER = "number", pgettext_lazy("kind of key result", "number")
        YES_NO = "yes_no", _("yes or no")

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="key_results")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices, default=Kind.NUMBER)
    unit = models.CharField(_("unit of measurement"), max_length=60, blank=True)
    start_value = models.DecimalField(_("from"), max_digits=18, decimal_places=4, null=True, blank=True)
    target_value = models.DecimalField(_("to"), max_digits=18, decimal_places=4, null=True, blank=True)
    indicator = models.ForeignKey(
        Indicator, verbose_name=_("indicator"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="key_results",
    )  # fmt: skip
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="key_results",
    )  # fmt: skip
    final_value = models.DecimalField(
        _("final value"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    final_comment = models.TextField(_("comment at the end"), blank=True)
    score = models.DecimalField(_("score (0 to 1)"), max_digits=3, decimal_places=2, null=True, blank=True)
    carried_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="carried_to"
    )

    class Meta(Row.Meta):
        ordering = ["position", "id"]
        constraints = [
            *Named.Meta.constraints,
            models.CheckConstraint(
                name="strategy_keyresult_values",
                condition=Q(kind="yes_no")
                | Q(start_value__isnull=False, target_value__isnull=False)
                & ~Q(start_value=F("target_value")),
                violation_error_message=_("Give from what to what the figure should move."),
            ),
            models.CheckConstraint(
                name="strategy_keyresult_score",
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=1),
                violation_error_message=_("A score is from 0 to 1."),
            ),
        ]

    def scope_ids(self, kind: str) -> set[int | None]:
        return self.objective.scope_ids(kind)


@tracked()
class CheckIn(Row):
    """Where a key result stands on a day, and how sure its people are of reaching it."""

    view_action = "strategy.view"
    edit_action = "okr.own"

    class Confidence(models.TextChoices):
        HIGH = "high", _("on course")
        MEDIUM = "medium", _("uncertain")
        LOW = "low", _("in danger")

    key_result = models.ForeignKey(KeyResult, on_delete=models.CASCADE, related_name="check_ins")
    checked_on = models.DateField(_("day"))
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4, null=True, blank=True)
    is_done = models.BooleanField(_("done"), null=True)
    confidence = models.CharField(_("confidence"), max_length=6, choices=Confidence.choices)
    comment = models.TextField(_("comment"), blank=True)

    class Meta(Row.Meta):
        ordering = ["-checked_on", "-id"]
        indexes = [models.Index(fields=["key_result", "-checked_on"], name="strategy_checkin_latest")]

    def scope_ids(self, kind: str) -> set[int | None]:
        return self.key_result.scope_ids(kind)


@tracked()
class PlanItem(Row, Named):
    """A line of the management's action plan, or of another development plan; it may turn into an OKR objective."""

    view_action = "strategy.view"
    edit_action = "okr.edit"

    class Kind(models.TextChoices):
        ACTION_PLAN = "action_plan", _("action plan")
        DEVELOPMENT = "development", _("development work")

    class State(models.TextChoices):
        OPEN = "open", _("not started")
        GOING = "going", _("going on")
        DONE = "done", _("done")
        TURNED = "turned", _("turned into an OKR objective")
        DROPPED = "dropped", _("dropped")

    kind = models.CharField(_("kind"), max_length=11, choices=Kind.choices, default=Kind.ACTION_PLAN)
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="plan_items",
    )
    position = models.PositiveSmallIntegerField(default=0)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="plan_items",
    )  # fmt: skip
    starts_on = models.DateField(_("starts"), null=True, blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.OPEN)
    note = models.TextField(_("note"), blank=True)
    objective = models.ForeignKey(
        Objective, null=True, blank=True, on_delete=models.PROTECT, related_name="plan_items"
    )
    is_illustrative = models.BooleanField(default=False)

    class Meta(Row.Meta):
        ordering = ["kind", "position", "id"]
        constraints = [
            *Named.Meta.constraints,
            models.CheckConstraint(
                name="strategy_planitem_turned",
                condition=Q(state="turned", objective__isnull=False)
                | ~Q(state="turned") & Q(objective__isnull=True),
                violation_error_message=_("A line that turned into an objective names it."),
            ),
        ]

    def scope_ids(self, kind: str) -> set[int | None]:
        return {self.owner_id} if kind == "own" else set()

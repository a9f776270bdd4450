"""Where the county stood at the start, and what the programme says in words."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row, Sourced
from core.text import Named, translated
from programme.models.base import Direction
from programme.models.structure import Goal, Sector, Theme


@tracked()
class BaselineFact(Row, Named, Sourced):
    """One figure of the starting point, in its own unit (money in M€ as printed); empty value means unknown."""

    group = models.SlugField(max_length=60)
    key = models.SlugField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    national = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    target_value = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    unit = models.CharField(max_length=60, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    is_approximate = models.BooleanField(default=False)
    direction = models.CharField(max_length=4, choices=Direction.choices, blank=True)
    change_percent = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    change_from_year = models.PositiveSmallIntegerField(null=True, blank=True)
    sector = models.ForeignKey(Sector, null=True, blank=True, on_delete=models.PROTECT, related_name="facts")

    class Meta(Row.Meta):
        ordering = ["group", "position"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "group", "key"],
                name="programme_baselinefact_key",
                violation_error_message=_("This group already has a figure with this key."),
            ),
            models.CheckConstraint(
                name="programme_baselinefact_change",
                condition=Q(change_percent__isnull=True) | Q(change_from_year__isnull=False),
                violation_error_message=_("Say from which year the change is counted."),
            ),
        ]


@tracked()
class PeerComparison(Row, Named, Sourced):
    """A county beside which this one is looked at: need-adjusted net cost and need coefficient."""

    key = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    is_own = models.BooleanField(default=False)
    net_cost_eur_per_inhabitant = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    need_coefficient = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)

    class Meta(Row.Meta):
        ordering = ["position"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "key"],
                name="programme_peercomparison_key",
                violation_error_message=_("This county is already in the comparison."),
            ),
        ]


@tracked()
class Statement(Row, Named, Sourced):
    """Something the programme says in words, of one kind; nested texts hang under their parent."""

    class Kind(models.TextChoices):
        BACKGROUND_MATERIAL = "background_material", _("background material")
        PERIOD = "period", _("period")
        FULL_LAUNCH = "full_launch", _("full launch")
        MEASURES_NOTE = "measures_note", _("on the measures")
        LIVING_DOCUMENT = "living_document", _("how the programme is updated")
        BOUNDARY_CONDITION = "boundary_condition", _("boundary condition")
        PRODUCTIVITY_DEFINITION = "productivity_definition", _("what productivity means")
        TARGET_SETTING = "target_setting", _("how targets were set")
        REALISATION = "realisation", _("when a saving counts")
        PARALLEL_WORK = "parallel_work", _("work on the funding side")
        RELATIVE_TARGET = "relative_target", _("target as a share")
        STRATEGY_STATEMENT = "strategy_statement", _("statement of the strategy")
        PRINCIPLE = "principle", _("principle")
        CITIZEN_CHANGE = "citizen_change", _("what changes for residents")
        PREPARATION = "preparation", _("preparation")
        PARTICIPANT = "participant", _("taking part in the preparation")
        UMBRELLA_GOAL = "umbrella_goal", _("umbrella goal")
        CHALLENGE = "challenge", _("challenge")
        SECTOR_CHALLENGE = "sector_challenge", _("challenge of a sector")
        ALREADY_DONE = "already_done", _("already done")
        EXPECTED_EFFECT = "expected_effect", _("expected effect")
        COMMITMENT = "commitment", _("commitment")
        ACTION_PLAN = "action_plan", _("action plan")
        CULTURE_FOCUS = "culture_focus", _("focus on culture")
        MANAGEMENT_PART = "management_part", _("part of the management system")
        PILLAR = "pillar", _("pillar")
        VISION_NOTE = "vision_note", _("on the vision")
        OBJECTIVES_NOTE = "objectives_note", _("on the annual objectives")
        OKR = "okr", _("on the OKR model")
        OKR_ELEMENT = "okr_element", _("element of the OKR model")
        OKR_ROLLOUT = "okr_rollout", _("rollout of the OKR model")
        MEASUREMENT_360 = "measurement_360", _("360-degree measurement")
        MONITORING_NOTE = "monitoring_note", _("on the monitoring")
        ROADMAP_NOTE = "roadmap_note", _("on the roadmap")
        RISK_NOTE = "risk_note", _("on the risks")
        IMPACT_NOTE = "impact_note", _("on the impact assessment")
        CHANGE_NOTE = "change_note", _("on change management")
        INDICATOR_NOTE = "indicator_note", _("on the indicators")
        SAVINGS_NOTE = "savings_note", _("on the savings table")
        FUNDING_NOTE = "funding_note", _("on the funding")
        AMBIGUITY = "ambiguity", _("ambiguity in the source")

    kind = models.CharField(max_length=25, choices=Kind.choices)
    group = models.CharField(
        max_length=60, blank=True, help_text=_("Which list of that kind, for example clients.")
    )
    key = models.CharField(max_length=150)
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    detail_fi = models.TextField(blank=True)
    detail_sv = models.TextField(blank=True)
    detail_en = models.TextField(blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="parts")
    theme = models.ForeignKey(
        Theme, null=True, blank=True, on_delete=models.PROTECT, related_name="statements"
    )
    sector = models.ForeignKey(
        Sector, null=True, blank=True, on_delete=models.PROTECT, related_name="statements"
    )
    goals = models.ManyToManyField(Goal, through="programme.StatementGoal", related_name="statements")
    data = models.JSONField(
        default=dict, blank=True, help_text=_("Scalars of the source that have no column.")
    )

    class Meta(Row.Meta):
        ordering = ["kind", "group", "position"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "key"],
                name="programme_statement_key",
                violation_error_message=_("The programme already has a statement with this key."),
            ),
        ]

    @property
    def detail(self) -> str:
        return translated(self, "detail").text


@tracked()
class StatementGoal(Row):
    """A goal that a statement speaks of."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="goal_links")
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(Row.Meta):
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "statement", "goal"],
                name="programme_statementgoal_once",
                violation_error_message=_("The statement already names this goal."),
            ),
        ]

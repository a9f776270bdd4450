"""Risks with what is done about them, obstacles, impact areas and promises."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row, RowQuerySet, Sourced
from core.text import Named, translated
from measures.models import Measure
from programme.models import Decision, Project
from programme.models.base import Item

_FIVE = [MinValueValidator(1), MaxValueValidator(5)]
_LEVELS = (
    "likelihood_now",
    "impact_now",
    "likelihood_after",
    "impact_after",
    "likelihood_target",
    "impact_target",
)


def _one_to_five() -> Q:
    condition = Q()
    for field in _LEVELS:
        condition &= Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 1, f"{field}__lte": 5})
    return condition


@tracked()
class Risk(Row, Named, Sourced):
    """Something that may keep the programme from its goals. Its level is in `RiskAssessment`, empty at first."""

    view_action = "risk.view"

    edit_action = "risk.edit"

    class Kind(models.TextChoices):
        THREAT = "threat", _("risk")
        OPPORTUNITY = "opportunity", _("opportunity")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        REALISED = "realised", _("came true")
        CLOSED = "closed", _("closed")

    key = models.SlugField(max_length=60)
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=11, choices=Kind.choices, default=Kind.THREAT)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    project = models.ForeignKey(
        Project,
        verbose_name=_("project"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="risks",
    )
    parent = models.ForeignKey(
        "self", verbose_name=_("risk of the programme it belongs to"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="parts",
    )  # fmt: skip
    raised_on = models.DateField(_("raised to the programme"), null=True, blank=True)
    reviewed_on = models.DateField(_("last reviewed"), null=True, blank=True)
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    is_illustrative = models.BooleanField(_("illustrative example"), default=False)
    category = models.CharField(_("category"), max_length=60, blank=True)
    description_fi = models.TextField(blank=True)
    description_sv = models.TextField(blank=True)
    description_en = models.TextField(blank=True)
    proximity = models.CharField(_("how near"), max_length=100, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Row.Meta):
        ordering = ["number"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "key"],
                name="risks_risk_key",
                violation_error_message=_("The programme already has a risk with this key."),
            ),
            models.CheckConstraint(
                name="risks_risk_closed",
                condition=Q(state="closed", closed_on__isnull=False)
                | ~Q(state="closed") & Q(closed_on__isnull=True),
                violation_error_message=_("A closed risk has its day of closing, and only a closed one."),
            ),
            models.CheckConstraint(
                name="risks_risk_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                violation_error_message=_("A risk is not a part of itself."),
            ),
        ]

    @property
    def description(self) -> str:
        return translated(self, "description").text

    def scope_ids(self, kind: str) -> set[int | None]:
        """A risk of a project lies where its project does; everybody's risks are their owners' own."""
        if kind == "own":
            return {self.owner_id}
        return {None} if self.project is None else self.project.scope_ids(kind)

    @property
    def assessment(self) -> "RiskAssessment | None":
        """The latest assessment, from the prefetched ones when they are there; None before the first."""
        return max(self.assessments.all(), key=lambda row: (row.assessed_on, row.pk), default=None)


@tracked()
class RiskAssessment(Row):
    """The level of a risk on a day, likelihood x impact from 1 to 5: now, after mitigation, and as aimed at."""

    view_action = "risk.view"
    edit_action = "risk.edit"

    risk = models.ForeignKey(Risk, on_delete=models.CASCADE, related_name="assessments")
    assessed_on = models.DateField()
    likelihood_now = models.PositiveSmallIntegerField(null=True, blank=True, validators=_FIVE)
    impact_now = models.PositiveSmallIntegerField(null=True, blank=True, validators=_FIVE)
    likelihood_after = models.PositiveSmallIntegerField(null=True, blank=True, validators=_FIVE)
    impact_after = models.PositiveSmallIntegerField(null=True, blank=True, validators=_FIVE)
    likelihood_target = models.PositiveSmallIntegerField(null=True, blank=True, validators=_FIVE)
    impact_target = models.PositiveSmallIntegerField(null=True, blank=True, validators=_FIVE)
    note = models.TextField(_("note"), blank=True)
    #: What the portal counted on that day, by the key of the count (risks.factors): {"projects": 12}.
    counts = models.JSONField(_("counted then"), default=dict, blank=True)
    is_illustrative = models.BooleanField(default=False)

    class Meta(Row.Meta):
        ordering = ["assessed_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "risk", "assessed_on"],
                name="risks_riskassessment_once_a_day",
                violation_error_message=_("The risk is already assessed on that day."),
            ),
            models.CheckConstraint(
                name="risks_riskassessment_one_to_five",
                condition=_one_to_five(),
                violation_error_message=_("Likelihood and impact are from 1 to 5."),
            ),
        ]

    def scope_ids(self, kind: str) -> set[int | None]:
        return self.risk.scope_ids(kind)

    @staticmethod
    def _product(likelihood: int | None, impact: int | None) -> int | None:
        return None if likelihood is None or impact is None else likelihood * impact

    @property
    def level_now(self) -> int | None:
        """1 to 25; None when either side is not assessed."""
        return self._product(self.likelihood_now, self.impact_now)

    @property
    def level_after(self) -> int | None:
        return self._product(self.likelihood_after, self.impact_after)

    @property
    def level_target(self) -> int | None:
        return self._product(self.likelihood_target, self.impact_target)


@tracked()
class RiskExample(Item):
    """How the risk could show."""

    view_action = "risk.view"
    edit_action = "risk.edit"

    risk = models.ForeignKey(Risk, on_delete=models.CASCADE, related_name="examples")

    class Meta(Item.Meta):
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(fields=["programme", "key"], name="risks_riskexample_key"),
        ]

    def scope_ids(self, kind: str) -> set[int | None]:
        return self.risk.scope_ids(kind)


@tracked()
class LevelFactor(Item):
    """Something that moves the level of a risk; `counted` names the portal's own figure for it (risks.factors)."""

    view_action = "risk.view"
    edit_action = "risk.edit"

    risk = models.ForeignKey(Risk, on_delete=models.CASCADE, related_name="level_factors")
    counted = models.CharField(_("counted from"), max_length=40, blank=True)

    class Meta(Item.Meta):
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(fields=["programme", "key"], name="risks_levelfactor_key"),
        ]

    def scope_ids(self, kind: str) -> set[int | None]:
        return self.risk.scope_ids(kind)


class MitigationQuerySet(RowQuerySet):
    def serving(self, risk: Risk) -> "MitigationQuerySet":
        """Mitigations of the risk: its own, and those of the risks that its own refer to."""
        referred = MitigationReference.objects.filter(mitigation__risk=risk).values("risk")
        return self.filter(Q(risk=risk) | Q(risk__in=referred)).select_related("risk")


@tracked()
class Mitigation(Item, Sourced):
    """What is done about a risk. It may be "the mitigations of risk 2": then `refers_to` names the risks,
    whose own rows serve this risk too and are edited in one place."""

    view_action = "risk.view"
    edit_action = "risk.edit"

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        GOING = "going", _("under way")
        DONE = "done", _("done")
        DROPPED = "dropped", _("dropped")

    risk = models.ForeignKey(Risk, on_delete=models.CASCADE, related_name="mitigations")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="mitigations",
    )  # fmt: skip
    due_on = models.DateField(_("due"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.PLANNED)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    effect = models.TextField(_("effect"), blank=True)
    is_illustrative = models.BooleanField(_("illustrative example"), default=False)
    refers_to = models.ManyToManyField(Risk, through="risks.MitigationReference", related_name="referred_by")

    objects = MitigationQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Item.Meta):
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(fields=["programme", "key"], name="risks_mitigation_key"),
        ]

    def scope_ids(self, kind: str) -> set[int | None]:
        """It lies where its risk does; its owner and the owner of the risk call it their own."""
        of_risk = self.risk.scope_ids(kind)
        return of_risk | {self.owner_id} if kind == "own" else of_risk


@tracked()
class MitigationReference(Row):
    """A mitigation points to the mitigations of another risk."""

    view_action = "risk.view"
    edit_action = "risk.edit"

    mitigation = models.ForeignKey(Mitigation, on_delete=models.CASCADE, related_name="references")
    risk = models.ForeignKey(Risk, on_delete=models.CASCADE, related_name="+")

    class Meta(Row.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "mitigation", "risk"],
                name="risks_mitigationreference_once",
                violation_error_message=_("The mitigation already refers to this risk."),
            ),
        ]


@tracked()
class Obstacle(Row, Named):
    """Something in the way of a measure or a project, taken up the levels until somebody decides."""

    view_action = "risk.view"
    edit_action = "obstacle.raise"

    class Level(models.TextChoices):
        THEME_OWNER = "theme_owner", _("theme owner")
        DIRECTOR = "director", _("operational director")
        MANAGEMENT_GROUP = "management_group", _("management group")
        BOARD = "board", _("county board")

    class State(models.TextChoices):
        RAISED = "raised", _("raised")
        ESCALATED = "escalated", _("escalated")
        DECIDED = "decided", _("decided")
        CLOSED = "closed", _("closed")

    measure = models.ForeignKey(
        Measure, null=True, blank=True, on_delete=models.CASCADE, related_name="obstacles"
    )
    project = models.ForeignKey(
        Project, null=True, blank=True, on_delete=models.CASCADE, related_name="obstacles"
    )
    description_fi = models.TextField(blank=True)
    description_sv = models.TextField(blank=True)
    description_en = models.TextField(blank=True)
    raised_on = models.DateField()
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who works on it"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="obstacles",
    )  # fmt: skip
    risk = models.ForeignKey(
        Risk, verbose_name=_("risk that came true"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="obstacles",
    )  # fmt: skip
    level = models.CharField(max_length=16, choices=Level.choices, default=Level.THEME_OWNER)
    level_since = models.DateField(_("on this level since"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RAISED)
    due_on = models.DateField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    decision_text = models.TextField(blank=True)
    decision = models.ForeignKey(
        Decision, verbose_name=_("decision"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="obstacles",
    )  # fmt: skip
    is_illustrative = models.BooleanField(default=False)

    class Meta(Row.Meta):
        ordering = ["raised_on", "id"]
        constraints = [
            *Named.Meta.constraints,
            models.CheckConstraint(
                name="risks_obstacle_dates",
                condition=(Q(decided_on__isnull=True) | Q(decided_on__gte=F("raised_on")))
                & (Q(closed_on__isnull=True) | Q(closed_on__gte=F("raised_on"))),
                violation_error_message=_("An obstacle is not decided or closed before it is raised."),
            ),
            models.CheckConstraint(
                name="risks_obstacle_closed",
                condition=Q(state="closed", closed_on__isnull=False)
                | (~Q(state="closed") & Q(closed_on__isnull=True)),
                violation_error_message=_("A closed obstacle has its day of closing, and only a closed one."),
            ),
        ]
        indexes = [models.Index(fields=["programme", "state"], name="risks_obstacle_state")]

    @property
    def description(self) -> str:
        return translated(self, "description").text

    def scope_ids(self, kind: str) -> set[int | None]:
        """It lies where its measure and its project do; who raised it and who works on it call it their own."""
        if kind == "own":
            return {self.owner_id, self.raised_by_id} | (
                {self.measure.owner_id} if self.measure is not None else set()
            )
        about = [row for row in (self.measure, self.project) if row is not None]
        return set().union(*(row.scope_ids(kind) for row in about)) if about else {None}


@tracked()
class ImpactArea(Row, Named, Sourced):
    """A matter on which the programme's effects are assessed; `advances` is empty until somebody answers."""

    view_action = "risk.view"
    edit_action = "impact.edit"

    class Advances(models.TextChoices):
        ADVANCES = "advances", _("advances")
        NEUTRAL = "neutral", _("neither way")
        WEAKENS = "weakens", _("weakens")

    key = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    may_be_split = models.BooleanField(default=False)
    advances = models.CharField(max_length=10, choices=Advances.choices, null=True, blank=True)
    advances_reason = models.TextField(blank=True)

    class Meta(Row.Meta):
        ordering = ["position"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "key"],
                name="risks_impactarea_key",
                violation_error_message=_("The programme already has an impact area with this key."),
            ),
        ]


@tracked()
class ImpactStatement(Item):
    """What the programme says of an impact area."""

    view_action = "risk.view"
    edit_action = "impact.edit"

    area = models.ForeignKey(ImpactArea, on_delete=models.CASCADE, related_name="statements")

    class Meta(Item.Meta):
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(fields=["programme", "key"], name="risks_impactstatement_key"),
        ]


@tracked()
class Promise(Row, Named, Sourced):
    """A promise of the form "we do not ...", with what is done instead."""

    view_action = "risk.view"
    edit_action = "impact.edit"

    class Audience(models.TextChoices):
        CLIENTS = "clients", _("to clients")
        STAFF = "staff", _("to staff")

    key = models.SlugField(max_length=60)
    audience = models.CharField(max_length=10, choices=Audience.choices)
    position = models.PositiveSmallIntegerField(default=0)
    instead_fi = models.TextField(blank=True)
    instead_sv = models.TextField(blank=True)
    instead_en = models.TextField(blank=True)

    class Meta(Row.Meta):
        ordering = ["audience", "position"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "key"],
                name="risks_promise_key",
                violation_error_message=_("The programme already has a promise with this key."),
            ),
        ]

    @property
    def instead(self) -> str:
        return translated(self, "instead").text

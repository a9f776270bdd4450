"""Whom a measure touches, what is watched, how staff were heard, and what closing a service point asks for."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row
from core.text import Named
from measures.models import Measure, Service
from measures.models.measures import PartOfMeasure
from programme.models.base import Item
from risks.models.checks import ImpactAssessment
from risks.models.register import ImpactArea


@tracked()
class AffectedGroup(Item):
    """A group of people whom changes may touch: a language group, those without digital services, a staff group."""

    view_action = "risk.view"
    edit_action = "impact.edit"

    class Kind(models.TextChoices):
        LANGUAGE = "language", _("language group")
        DIGITAL = "digital", _("cannot use digital services")
        RESIDENTS = "residents", _("other residents")
        STAFF = "staff", _("staff group")

    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices)

    class Meta(Item.Meta):
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "key"],
                name="risks_affectedgroup_key",
                violation_error_message=_("There is already a group with this key."),
            ),
        ]


@tracked()
class GroupEffect(PartOfMeasure):
    """How a measure touches a group of people, and what is done so that nobody is left out."""

    class Answer(models.TextChoices):
        POSITIVE = "positive", _("helps them")
        NEUTRAL = "neutral", _("neither way")
        NEGATIVE = "negative", _("makes it harder for them")

    NEGATIVES = (Answer.NEGATIVE,)

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="group_effects")
    group = models.ForeignKey(AffectedGroup, on_delete=models.PROTECT, related_name="effects")
    answer = models.CharField(_("which way"), max_length=8, choices=Answer.choices)
    text = models.TextField(_("in words"), blank=True)
    mitigation = models.TextField(_("what is done about it"), blank=True)

    class Meta(PartOfMeasure.Meta):
        ordering = ["group__position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "measure", "group"],
                name="risks_groupeffect_once",
                violation_error_message=_("This is answered already."),
            ),
            models.CheckConstraint(
                name="risks_groupeffect_words",
                condition=~Q(answer="negative") | ~Q(text="") & ~Q(mitigation=""),
                violation_error_message=_("Say what gets harder, and what is done about it."),
            ),
        ]

    @property
    def is_negative(self) -> bool:
        return self.answer in self.NEGATIVES

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is asked: a negative answer is not stored without its mitigation."""
        return True


@tracked()
class ImpactWatch(Row):
    """An indicator that is watched because of an impact area, or because of one measure's effect on it."""

    view_action = "risk.view"
    edit_action = "impact.edit"

    area = models.ForeignKey(ImpactArea, on_delete=models.CASCADE, related_name="watches")
    assessment = models.ForeignKey(
        ImpactAssessment, null=True, blank=True, on_delete=models.CASCADE, related_name="watches"
    )
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+", db_index=False)
    object_id = models.BigIntegerField()
    indicator = GenericForeignKey("content_type", "object_id")
    note = models.CharField(_("what it would show"), max_length=300, blank=True)

    class Meta(Row.Meta):
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "area", "assessment", "content_type", "object_id"],
                nulls_distinct=False,
                name="risks_impactwatch_once",
                violation_error_message=_("This indicator is watched here already."),
            ),
        ]


@tracked()
class ClosureAssessment(PartOfMeasure):
    """The overall assessment without which no service point is closed: use, channels, premises."""

    measure = models.OneToOneField(Measure, on_delete=models.CASCADE, related_name="closure_assessment")
    use = models.TextField(_("how the service point is used"), blank=True)
    channels = models.TextField(_("where people get the service instead"), blank=True)
    premises = models.TextField(_("fitness of the premises for clients and staff"), blank=True)
    conclusion = models.TextField(_("conclusion"), blank=True)
    assessed_on = models.DateField(_("assessed on"), null=True, blank=True)
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("assessed by"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+", db_index=False,
    )  # fmt: skip

    class Meta(PartOfMeasure.Meta):
        constraints = [
            models.CheckConstraint(
                name="risks_closureassessment_whole",
                condition=Q(assessed_on__isnull=True, assessed_by__isnull=True)
                | (
                    Q(assessed_on__isnull=False, assessed_by__isnull=False)
                    & ~Q(use="") & ~Q(channels="") & ~Q(premises="") & ~Q(conclusion="")
                ),
                violation_error_message=_("An assessment is finished when all its parts are written."),
            ),
        ]  # fmt: skip

    @property
    def is_finished(self) -> bool:
        return self.assessed_on is not None


@tracked()
class StaffHearing(PartOfMeasure):
    """When and how staff were heard about a measure, and what changed because of it."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="hearings")
    heard_on = models.DateField(_("day"))
    form = models.CharField(_("in what form"), max_length=200)
    group = models.CharField(_("who was heard"), max_length=200, blank=True)
    said = models.TextField(_("what staff said"), blank=True)
    changed = models.TextField(_("what changed because of it"), blank=True)

    class Meta(PartOfMeasure.Meta):
        ordering = ["-heard_on", "-id"]


@tracked()
class ProductionAnalysis(PartOfMeasure):
    """Whether a measure's service is better produced by the county itself or bought, and why."""

    class Answer(models.TextChoices):
        OWN = "own", _("own production")
        BOUGHT = "bought", _("bought")
        BOTH = "both", _("partly both")

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="production_analyses")
    service = models.ForeignKey(
        Service, verbose_name=_("service"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    own = models.TextField(_("as own production"))
    bought = models.TextField(_("bought"))
    answer = models.CharField(_("conclusion"), max_length=6, choices=Answer.choices)
    reason = models.TextField(_("reason"))
    analysed_on = models.DateField(_("analysed on"))

    class Meta(PartOfMeasure.Meta):
        ordering = ["-analysed_on", "-id"]

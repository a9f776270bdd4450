"""What a project's plan holds beside its six texts: answers, people, money, change leadership and lessons."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row
from core.text import Named
from programme.models.base import Item
from programme.models.funding import FundingSource
from programme.models.projects import ChangeElement, PhaseQuestion, Project


class PartOfProject(Row):
    """A row that belongs to a project: whoever may edit the project may edit it."""

    view_action = "project.view"
    edit_action = "project.edit"

    class Meta(Row.Meta):
        abstract = True

    def scope_ids(self, kind: str) -> set[int | None]:
        project: Project | None = self.project  # type: ignore[attr-defined]
        return {None} if project is None else project.scope_ids(kind)


@tracked()
class PhaseAnswer(PartOfProject):
    """What a project answers to a question of a phase."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="phase_answers")
    question = models.ForeignKey(PhaseQuestion, on_delete=models.PROTECT, related_name="+", db_index=False)
    text = models.TextField(_("answer"))
    answered_on = models.DateField(_("answered on"))

    class Meta(PartOfProject.Meta):
        ordering = ["question__phase__number", "question__position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "project", "question"],
                name="programme_phaseanswer_once",
                violation_error_message=_("This question is answered already."),
            ),
        ]


@tracked()
class ProjectPerson(PartOfProject):
    """Somebody who works in a project: share of working time (0..1) between two days, and who stands in.

    A person without an account has a name only.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="people")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="project_work",
    )  # fmt: skip
    name = models.CharField(_("name, when the person has no account"), max_length=150, blank=True)
    task = models.CharField(_("task in the project"), max_length=200)
    share = models.DecimalField(_("share of working time"), max_digits=4, decimal_places=3)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("substitute"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+", db_index=False,
    )  # fmt: skip
    substitute_name = models.CharField(
        _("name of the substitute, when without an account"), max_length=150, blank=True
    )
    needs_substitute = models.BooleanField(_("needs a substitute"), default=True)
    is_illustrative = models.BooleanField(_("illustrative example"), default=False)

    class Meta(PartOfProject.Meta):
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="programme_projectperson_named",
                condition=Q(user__isnull=False) | ~Q(name=""),
                violation_error_message=_("Choose a person or write a name."),
            ),
            models.CheckConstraint(
                name="programme_projectperson_share",
                condition=Q(share__gt=0, share__lte=1),
                violation_error_message=_("The share of working time is more than 0 and at most 100 %."),
            ),
            models.CheckConstraint(
                name="programme_projectperson_days",
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(starts_on__lte=F("ends_on")),
                violation_error_message=_("The last day must not come before the first."),
            ),
            models.CheckConstraint(
                name="programme_projectperson_another",
                condition=Q(user__isnull=True) | Q(substitute__isnull=True) | ~Q(substitute=F("user")),
                violation_error_message=_("Nobody is their own substitute."),
            ),
        ]
        indexes = [models.Index(fields=["programme", "user"], name="programme_projectperson_load")]


@tracked()
class ProjectFinance(PartOfProject):
    """A project's money of one year from one source (empty: the county's own budget), in EUR cents, costs positive."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="finances")
    source = models.ForeignKey(
        FundingSource, verbose_name=_("source of funding"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="project_finances",
    )  # fmt: skip
    year = models.PositiveSmallIntegerField(_("year"))
    budget_eur_cents = models.BigIntegerField(_("budget"))
    actual_eur_cents = models.BigIntegerField(_("actual"), null=True, blank=True)
    actual_through = models.DateField(_("actual through the month"), null=True, blank=True)
    forecast_eur_cents = models.BigIntegerField(_("forecast of the year"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    is_illustrative = models.BooleanField(_("illustrative example"), default=False)

    class Meta(PartOfProject.Meta):
        ordering = ["year", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "project", "source", "year"],
                nulls_distinct=False,
                name="programme_projectfinance_once",
                violation_error_message=_("The project already has this source for this year."),
            ),
            models.CheckConstraint(
                name="programme_projectfinance_through",
                condition=Q(actual_through__isnull=True) | Q(actual_through__day=1),
                violation_error_message=_("Give the month as its first day."),
            ),
            models.CheckConstraint(
                name="programme_projectfinance_actual",
                condition=Q(actual_eur_cents__isnull=True) | Q(actual_through__isnull=False),
                violation_error_message=_("Say through which month the actual is known."),
            ),
        ]


@tracked()
class ChangeElementCheck(PartOfProject):
    """Whether a project has taken care of an element of leading the change, and how."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="element_checks")
    element = models.ForeignKey(ChangeElement, on_delete=models.PROTECT, related_name="+", db_index=False)
    is_done = models.BooleanField(_("taken care of"), default=False)
    comment = models.TextField(_("comment"), blank=True)
    checked_on = models.DateField(_("looked at on"))

    class Meta(PartOfProject.Meta):
        ordering = ["element__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "project", "element"],
                name="programme_changeelementcheck_once",
                violation_error_message=_("The project has already looked at this element."),
            ),
        ]


@tracked()
class StaffEffect(PartOfProject):
    """How the change was seen to affect staff on a day."""

    class Direction(models.TextChoices):
        BETTER = "better", _("for the better")
        SAME = "same", _("no change")
        WORSE = "worse", _("for the worse")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="staff_effects")
    seen_on = models.DateField(_("seen on"))
    group = models.CharField(_("staff group"), max_length=200)
    direction = models.CharField(_("which way"), max_length=6, choices=Direction.choices)
    text = models.TextField(_("what was seen"))
    action = models.TextField(_("what is done about it"), blank=True)
    is_illustrative = models.BooleanField(_("illustrative example"), default=False)

    class Meta(PartOfProject.Meta):
        ordering = ["-seen_on", "-id"]


@tracked()
class LessonLearned(PartOfProject):
    """Something worth knowing for the next project."""

    class Kind(models.TextChoices):
        WORKED = "worked", _("worked well")
        IMPROVE = "improve", _("to be done otherwise")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="lessons")
    noted_on = models.DateField(_("noted on"))
    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices)
    subject = models.CharField(_("lesson"), max_length=300)
    recommendation = models.TextField(_("advice to the next project"), blank=True)
    is_illustrative = models.BooleanField(_("illustrative example"), default=False)

    class Meta(PartOfProject.Meta):
        ordering = ["-noted_on", "-id"]

    def __str__(self) -> str:
        return self.subject


@tracked()
class Stakeholder(PartOfProject, Named):
    """A party that the programme or one of its projects must keep with it."""

    class Weight(models.TextChoices):
        LOW = "low", _("small")
        MEDIUM = "medium", _("fair")
        HIGH = "high", _("great")

    project = models.ForeignKey(
        Project, verbose_name=_("project"), null=True, blank=True, on_delete=models.CASCADE,
        related_name="stakeholders",
    )  # fmt: skip
    interest = models.CharField(_("interest"), max_length=6, choices=Weight.choices, blank=True)
    influence = models.CharField(_("influence"), max_length=6, choices=Weight.choices, blank=True)
    expects = models.TextField(_("what they expect"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who keeps contact"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+", db_index=False,
    )  # fmt: skip
    is_illustrative = models.BooleanField(_("illustrative example"), default=False)

    class Meta(PartOfProject.Meta):
        ordering = ["name_fi", "id"]
        constraints = [*Named.Meta.constraints]


@tracked()
class CommunicationItem(PartOfProject):
    """One item of the communication plan: what is told to whom, when, by whom."""

    project = models.ForeignKey(
        Project, verbose_name=_("project"), null=True, blank=True, on_delete=models.CASCADE,
        related_name="communications",
    )  # fmt: skip
    stakeholder = models.ForeignKey(
        Stakeholder, verbose_name=_("stakeholder"), on_delete=models.CASCADE, related_name="communications"
    )
    subject = models.CharField(_("what is told"), max_length=300)
    channel = models.CharField(_("how"), max_length=200, blank=True)
    planned_on = models.DateField(_("day"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="communications",
    )  # fmt: skip
    done_on = models.DateField(_("done on"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    is_illustrative = models.BooleanField(_("illustrative example"), default=False)

    class Meta(PartOfProject.Meta):
        ordering = ["planned_on", "id"]
        indexes = [models.Index(fields=["programme", "planned_on"], name="programme_communication_day")]

    def __str__(self) -> str:
        return self.subject

    def scope_ids(self, kind: str) -> set[int | None]:
        return {self.owner_id} if kind == "own" else super().scope_ids(kind)


@tracked()
class ReportQuestion(Item):
    """A question of the one report form that every project gives each month; the programme office keeps them."""

    view_action = "project.view"

    guidance_fi = models.TextField(_("guidance in Finnish"), blank=True)
    guidance_sv = models.TextField(_("guidance in Swedish"), blank=True)
    guidance_en = models.TextField(_("guidance in English"), blank=True)
    is_required = models.BooleanField(_("must be answered"), default=False)
    is_closed = models.BooleanField(_("no longer asked"), default=False)

    class Meta(Item.Meta):
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "key"],
                name="programme_reportquestion_key",
                violation_error_message=_("There is already a question with this key."),
            ),
        ]

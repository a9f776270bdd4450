"""What a measure was held against before it was decided: the programme's risks, promises and impact areas."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from measures.models import Measure
from measures.models.measures import PartOfMeasure
from risks.models.register import ImpactArea, Promise, Risk


class Check(PartOfMeasure):
    """One answer about one measure. `text` says why, in the words of whoever looked."""

    answer = models.CharField(_("answer"), max_length=14)
    text = models.TextField(_("in words"), blank=True)

    class Meta(PartOfMeasure.Meta):
        abstract = True

    def get_answer_display(self) -> str:
        """The answer in the reader's language; each kind of check has its own answers."""
        return str(dict(self.Answer.choices).get(self.answer, ""))  # type: ignore[attr-defined]


class SignedCheck(Check):
    """An answer that may be negative: then it needs a mitigation, and a signature of somebody outside finance."""

    NEGATIVE = "negative"
    NEGATIVES: tuple[str, ...] = (NEGATIVE,)

    mitigation = models.TextField(_("what is done about it"), blank=True)
    signed_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("signed off by"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+", db_index=False,
    )  # fmt: skip
    signed_off_on = models.DateField(_("signed off on"), null=True, blank=True)

    class Meta(Check.Meta):
        abstract = True

    @property
    def is_negative(self) -> bool:
        return self.answer in self.NEGATIVES

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is asked: not negative, or mitigated and signed off."""
        return not self.is_negative or bool(self.mitigation and self.signed_off_by_id)


def _signed(table: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"risks_{table}_signed",
        condition=Q(signed_off_by__isnull=True, signed_off_on__isnull=True)
        | (Q(signed_off_by__isnull=False, signed_off_on__isnull=False) & ~Q(mitigation="")),
        violation_error_message=_("Write what is done about it before it is signed off."),
    )


def _once(table: str, about: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(
        fields=["programme", "measure", about],
        name=f"risks_{table}_once",
        violation_error_message=_("This is answered already."),
    )


@tracked()
class RiskCheck(Check):
    """Whether a risk of the programme concerns the measure."""

    class Answer(models.TextChoices):
        CONCERNS = "concerns", _("concerns the measure")
        NOT_CONCERNED = "not_concerned", _("does not concern it")

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="risk_checks")
    risk = models.ForeignKey(Risk, on_delete=models.CASCADE, related_name="checks")

    class Meta(Check.Meta):
        ordering = ["risk__number"]
        constraints = [
            _once("riskcheck", "risk"),
            models.CheckConstraint(
                name="risks_riskcheck_answer", condition=Q(answer__in=["concerns", "not_concerned"])
            ),
        ]


@tracked()
class PromiseCheck(SignedCheck):
    """Whether the measure keeps a promise of the programme."""

    class Answer(models.TextChoices):
        OK = "ok", _("is kept")
        NEGATIVE = "negative", _("is endangered")
        BROKEN = "broken", _("is broken")
        NOT_CONCERNED = "not_concerned", _("does not concern it")

    NEGATIVES = (Answer.NEGATIVE, Answer.BROKEN)

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="promise_checks")
    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="checks")

    class Meta(SignedCheck.Meta):
        ordering = ["promise__audience", "promise__position"]
        constraints = [
            _once("promisecheck", "promise"),
            _signed("promisecheck"),
            models.CheckConstraint(
                name="risks_promisecheck_answer",
                condition=Q(answer__in=["ok", "negative", "broken", "not_concerned"]),
            ),
        ]


@tracked()
class ImpactAssessment(SignedCheck):
    """Which way the measure moves a matter on which the programme's effects are assessed, and for whom."""

    class Answer(models.TextChoices):
        POSITIVE = "positive", _("advances it")
        NEUTRAL = "neutral", _("neither way")
        NEGATIVE = "negative", _("weakens it")

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="impact_assessments")
    area = models.ForeignKey(ImpactArea, on_delete=models.CASCADE, related_name="assessments")

    class Meta(SignedCheck.Meta):
        ordering = ["area__position"]
        constraints = [
            _once("impactassessment", "area"),
            _signed("impactassessment"),
            models.CheckConstraint(
                name="risks_impactassessment_answer",
                condition=Q(answer__in=["positive", "neutral", "negative"]),
            ),
        ]

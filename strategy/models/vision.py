"""The long view: vision themes with their indicators, and the main lines of the service strategy."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Row, Sourced
from core.text import Named, translated
from kpis.models import Indicator
from programme.models import StrategyDocument, Theme


@tracked()
class VisionTheme(Row, Named, Sourced):
    """A theme of the vision, or a sub-theme under it, with the indicators that follow it."""

    view_action = "strategy.view"
    edit_action = "strategy.edit"

    key = models.SlugField(max_length=60)
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="sub_themes"
    )
    indicators = models.ManyToManyField(
        Indicator, through="strategy.VisionIndicator", related_name="vision_themes"
    )

    class Meta(Row.Meta):
        ordering = ["position"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "key"],
                name="strategy_visiontheme_key",
                violation_error_message=_("The programme already has a vision theme with this key."),
            ),
        ]


@tracked()
class VisionIndicator(Row):
    """An indicator follows a vision theme."""

    view_action = "strategy.view"
    edit_action = "strategy.edit"

    theme = models.ForeignKey(VisionTheme, on_delete=models.CASCADE, related_name="indicator_links")
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="vision_links")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(Row.Meta):
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "theme", "indicator"],
                name="strategy_visionindicator_once",
                violation_error_message=_("The vision theme already has this indicator."),
            ),
        ]


@tracked()
class MainLine(Row, Named):
    """A main line of the service strategy; the programme says how many there are, people enter which."""

    view_action = "strategy.view"
    edit_action = "strategy.edit"

    document = models.ForeignKey(
        StrategyDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="main_line_rows"
    )
    spearhead = models.ForeignKey(
        Theme, verbose_name=_("spearhead"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="main_lines",
    )  # fmt: skip
    number = models.PositiveSmallIntegerField(_("number"))
    text_fi = models.TextField(_("text in Finnish"), blank=True)
    text_sv = models.TextField(_("text in Swedish"), blank=True)
    text_en = models.TextField(_("text in English"), blank=True)

    class Meta(Row.Meta):
        ordering = ["number"]
        constraints = [
            *Named.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "number"],
                name="strategy_mainline_number",
                violation_error_message=_("There is already a main line with this number."),
            ),
        ]

    @property
    def text(self) -> str:
        return translated(self, "text").text

"""From when on a difference is worth somebody's time; parameters of the programme."""

from django.utils.translation import gettext_lazy as _

from core.parameters import share, whole

UNEXPLAINED_EUROS = whole(
    "reconciliation.threshold_eur",
    20_000,
    _(
        "Unexplained amounts of a sector and cost type above this become findings, if they pass the share too."
    ),
    label=_("Unexplained in the books: amount"),
    section="thresholds",
    unit=_("€"),
    lowest=0,
)
UNEXPLAINED_PERCENT = share(
    "reconciliation.threshold_percent",
    "0.5",
    _("Share of the comparison base of the same months above which an unexplained amount becomes a finding."),
    label=_("Unexplained in the books: share of the base"),
    section="thresholds",
    unit="%",
    lowest=0,
    highest=100,
)
FINDING_DAYS = whole(
    "reconciliation.finding_days",
    14,
    _("Days that the owner of a finding has for the explanation."),
    label=_("Time to explain a finding"),
    section="thresholds",
    unit=_("days"),
    lowest=1,
    highest=365,
)
SUSPECTED_EUROS = whole(
    "overlaps.suspicion_eur",
    500_000,
    _(
        "Two measures that both plan at least this much saving in one sector and cost type in the same months are "
        "listed as a suspected overlap."
    ),
    label=_("Suspected overlap: smaller plan from"),
    section="thresholds",
    unit=_("€"),
    lowest=0,
)

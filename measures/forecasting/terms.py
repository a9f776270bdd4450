"""The words of uncertainty and of the deficit path."""

from django.utils.translation import gettext_lazy as _

from core.terms import Term, add

add(
    Term(
        "weighted_forecast",
        _("Weighted forecast"),
        _(
            "The forecast of each measure times the chance that its stage gives it and the share that its confidence "
            "brings on average. Closed months count in full. Delays are left out."
        ),
    ),
    Term(
        "probability_range",
        _("Probability range"),
        _(
            "The future drawn many times over: each measure happens or not, brings more or less, comes in time or "
            "late. The range is where eight draws of ten end."
        ),
        also=(_("Range"),),
    ),
    Term(
        "p10",
        _("Strong outcome (P10)"),
        _("Only one draw of ten saves at least this much. Do not promise it."),
    ),
    Term("p50", _("Middle outcome (P50)"), _("Half of the draws save at least this much, half save less.")),
    Term(
        "p90",
        _("Weak outcome (P90)"),
        _("Nine draws of ten save at least this much. A budget can lean on it."),
    ),
    Term(
        "back_loading",
        _("Back-loaded"),
        _(
            "A forecast that puts most of its saving in the last months, or asks a faster pace than has been seen. "
            "There is then no time left to mend what fails."
        ),
    ),
    Term(
        "deficit_to_cover",
        _("Deficit to be covered"),
        _(
            "What past years have spent beyond their income. The law says by when surpluses must make it good."
        ),
    ),
    Term(
        "programme_effect",
        _("Effect of the programme on the result"),
        _(
            "What new measures change in the costs of the year, with the opposite sign: a saving improves the result. "
            "One-off costs that outside money pays are left out."
        ),
    ),
)

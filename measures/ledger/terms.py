"""The words of the books and what they mean (money.md R3, R10, R17 to R20)."""

from django.utils.translation import gettext_lazy as _

from core.terms import Term, add

add(
    Term(
        "original_budget",
        _("Original budget"),
        _("The budget of the year as it was first decided. That of the base year is the comparison base."),
    ),
    Term(
        "amended_budget",
        _("Amended budget"),
        _("The budget after the changes decided during the year, each with its version, day and section."),
    ),
    Term("actual", _("Actual"), _("What was booked in the accounts of the month, corrections included.")),
    Term(
        "year_end_forecast",
        _("Year-end forecast"),
        _("What the sectors expect their costs to be by the end of the year. It is no forecast of savings."),
    ),
    Term(
        "cost_driver",
        _("Cost drivers"),
        _(
            "What moves costs without any measure: wages, prices, volume. A rate is taken of what remains after the "
            "measures, so that a saving is not paid a rise as well."
        ),
        also=(_("Cost driver"),),
    ),
    Term(
        "base_transfer",
        _("Base transfer"),
        _(
            "An organisation change moves costs from one sector or cost type to another, and the comparison base with "
            "them. Its rows sum to zero; earlier months stay; the target moves only by a decision."
        ),
        also=(_("Base transfers"),),
    ),
    Term(
        "internal_charge",
        _("Internal charge"),
        _("What the county's own units charge each other: outside base, comparison and confirmation."),
    ),
    Term(
        "year_locked",
        _("Accounts signed"),
        _(
            "Signed accounts lock the year. Later corrections appear in the open year as one-off, outside its level "
            "change, and say which month they belong to."
        ),
    ),
)

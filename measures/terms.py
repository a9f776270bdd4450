"""The money words of the portal and what they mean (money.md)."""

from django.utils.translation import gettext_lazy as _

from core.terms import Term, add

add(
    # --- how sure an amount is
    Term("plan", _("Plan"), _("The owners' current plan: what each month is meant to bring.")),
    Term(
        "plan_approved",
        _("Approved plan"),
        _("The plan as the decision locked it. It moves only by a new decision."),
    ),
    Term(
        "forecast",
        _("Forecast"),
        _(
            "What will be reached: in closed months what is confirmed or still undecided, in open months what the "
            "owners expect. Overlaps are taken off, refused claims are out."
        ),
    ),
    Term(
        "claimed",
        _("Claimed"),
        _("What the measure's owner says was realised. It is not proved by the books yet."),
    ),
    Term(
        "confirmed",
        _("Confirmed"),
        _("What the controller has found in the books. Only this is a proved saving."),
    ),
    Term("undecided", _("Undecided"), _("Claims that wait for the controller's decision.")),
    Term(
        "refused", _("Refused"), _("Claims, or parts of them, that the controller did not find in the books.")
    ),
    # --- ways of measuring
    Term(
        "level_change",
        _("Change in cost level"),
        _(
            "How much lower (−) or higher (+) the year's costs are for good: lasting effects against the base."
        ),
        also=(_("Level change"),),
    ),
    Term(
        "run_rate",
        _("Run rate"),
        _("The lasting effect of the latest month times twelve: what a year would bring at today's pace."),
    ),
    Term(
        "cumulative", _("Cumulative"), _("All months so far added up, lasting and one-off effects together.")
    ),
    Term(
        "carry_over",
        _("Carry-over"),
        _(
            "The part of a full year's effect that comes only in the next year, because the measure began late."
        ),
    ),
    Term(
        "year_effect",
        _("Effect of the year"),
        _("Everything the year brings: lasting effects of its months and one-off ones together."),
    ),
    Term(
        "year_to_date",
        _("Year to date"),
        _("The months of the year that have passed, lasting and one-off effects together."),
    ),
    Term(
        "result_effect",
        _("Result effect"),
        _(
            "What the year's own result feels: the effect without the one-off costs that stabilisation or project "
            "funding pays. The cost level and the run rate are not touched by it."
        ),
    ),
    Term(
        "outside_money",
        _("Paid by outside money"),
        _(
            "One-off costs of the change that stabilisation or project funding pays. In the books they stand in full."
        ),
    ),
    Term(
        "cumulative_net",
        _("Cumulative net"),
        _("All months so far without the one-off costs that outside money pays."),
    ),
    Term(
        "income",
        _("Income"),
        _(
            "Client fees, state funding and other income. More income is written with a minus sign, as an effect on "
            "net cost; it is kept apart from the cost target."
        ),
        also=(_("Income types"),),
    ),
    Term(
        "after_period",
        _("After the period"),
        _("Effects of the years after the programme's final one. They do not count towards its target."),
    ),
    # --- base and target
    Term(
        "comparison_base",
        _("Comparison base"),
        _("The original budget of the base year by sector and cost type. It never moves."),
    ),
    Term(
        "in_base",
        _("Already in the comparison base"),
        _(
            "A saving that the base year's budget already holds. It is shown apart and never added to new effects."
        ),
        also=(_("In the comparison base"), _("In base")),
    ),
    Term("stated", _("Stated target"), _("The target as the programme document gives it.")),
    Term(
        "cautious",
        _("Cautious end"),
        _("The careful end of a target given as a range. Ends are added end by end."),
        also=(_("Cautious"),),
    ),
    Term("full", _("Full end"), _("The whole of a target given as a range."), also=(_("Full"),)),
    Term(
        "budget_share",
        _("Taken into the budget"),
        _("How much of a measure the budget of a year holds. Where nothing is said it is unknown, not zero."),
    ),
    Term(
        "unallocated",
        _("Unallocated"),
        _("Target that no active measure carries: released by withdrawn measures, or never given to any."),
    ),
    Term(
        "released", _("Released"), _("Target of withdrawn measures that waits for a decision to be given on.")
    ),
    Term(
        "never_allocated", _("Never allocated"), _("The part of the target that no measure has carried yet.")
    ),
    Term(
        "active_measures",
        _("On active measures"),
        _("The part of the target that measures now under way or planned carry."),
    ),
    # --- what kind of effect
    Term("lasting", _("Lasting"), _("An effect that stays: it lowers the cost level for good.")),
    Term("one_off", _("One-off"), _("An effect of its months only; it does not change the cost level.")),
    Term(
        "seasonal",
        _("Seasonal"),
        _("A lasting effect that comes in some months only; judged over twelve months."),
    ),
    Term("cash", _("Cash saving"), _("Money that is not spent and can be seen in the books.")),
    Term(
        "avoided",
        _("Avoided cost"),
        _("A cost that would have come and does not. Shown beside; it does not count towards the target."),
    ),
    Term("quality", _("Quality"), _("A benefit without an amount of money.")),
    # --- proving it
    Term(
        "books_closed",
        _("Books closed"),
        _("The month up to which the accounts are final. Later claims cannot be confirmed yet."),
        also=(_("Books closed through"),),
    ),
    Term(
        "overlap",
        _("Overlap"),
        _("Two measures count the same euros. One of them yields, so that the euro is counted once."),
        also=(_("Overlaps"),),
    ),
    Term(
        "expected_ledger",
        _("Expected"),
        _(
            "What the ledger should hold: base, transfers, cost drivers, what was not reached inside the base, and "
            "confirmed new effects, added up."
        ),
    ),
    Term(
        "ledger",
        _("Ledger"),
        _("What is booked, without internal charges. A month that is not booked yet is awaited, not zero."),
    ),
    Term(
        "unexplained",
        _("Unexplained"),
        _(
            "What the ledger holds beyond what is expected: + more cost, − less. Beyond a threshold it is a finding."
        ),
    ),
    Term(
        "in_base_shortfall",
        _("In the base, not reached"),
        _(
            "Confirmed savings inside the comparison base less the planned ones: + when they were not reached."
        ),
    ),
    Term(
        "confirmed_new",
        _("Confirmed new"),
        _("Confirmed effects outside the base: lasting, one-off and avoided costs, paid by whatever money."),
    ),
    Term(
        "reconciliation",
        _("Reconciliation"),
        _(
            "Comparing the ledger with base, cost drivers and confirmed savings; what is left over is unexplained."
        ),
    ),
    Term(
        "stabilisation",
        _("Stabilisation funding"),
        _("Outside money that pays for the change. It is used up once and is no saving."),
    ),
    Term(
        "gate",
        _("Gate"),
        _(
            "What a measure must have, and who decides, before it goes on to the next stage. “Confirmed” is a word for "
            "money and never for a gate."
        ),
        also=(_("Gates"),),
    ),
    Term(
        "locked_plan",
        _("Locked plan"),
        _(
            "The plan by month as the decision left it. It changes only by a change that is asked for with old and "
            "new beside each other, and approved."
        ),
    ),
    Term("saving", _("Saving"), _("Less cost than without the measure. Written with a minus sign.")),
    Term("investment", _("Investment"), _("More cost than without the measure. Written with a plus sign.")),
)

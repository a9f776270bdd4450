"""What a savings line counts as: its permanence and class, with outside money (R15) and income types (R21).

The same in SQL, over a table called `line`, and in Python.
"""

from measures.calculations import FUNDED, INCOME, ONE_OFF
from measures.models import LineClass, Permanence, SavingsLine
from programme.models import CostType, FundingSource

#: Money from outside: one-off costs that it pays are taken off in the result effect.
OUTSIDE = (FundingSource.Kind.STABILISATION, FundingSource.Kind.PROJECT_GRANT)

PERMANENCES = [*Permanence.values, FUNDED]
CLASSES = [*LineClass.values, INCOME]

_OUTSIDE_SOURCES = "SELECT id FROM programme_fundingsource WHERE kind IN ({})".format(
    ", ".join(f"'{kind.value}'" for kind in OUTSIDE)
)
#: Condition: the line stands on an income type.
IS_INCOME = (
    f"line.cost_type_id IN (SELECT id FROM programme_costtype WHERE kind = '{CostType.Kind.INCOME.value}')"
)
PERMANENCE = (
    f"(CASE WHEN line.permanence = '{ONE_OFF}' AND line.paid_from_id IN ({_OUTSIDE_SOURCES})"
    f" THEN '{FUNDED}' ELSE line.permanence END)::varchar"
)
LINE_CLASS = f"(CASE WHEN {IS_INCOME} THEN '{INCOME}' ELSE line.line_class END)::varchar"


def attributes_of(line: SavingsLine) -> tuple[str, str, bool]:
    """Permanence, class and in base of one line; reads its cost type and its source of money."""
    funded = line.permanence == ONE_OFF and line.paid_from is not None and line.paid_from.kind in OUTSIDE
    return (
        FUNDED if funded else line.permanence,
        INCOME if line.cost_type.kind == CostType.Kind.INCOME else line.line_class,
        line.in_base,
    )

"""What the rules say of the observations, written beside them in the transaction that changed them."""

from kpis.evaluating.nightly import evaluate_due
from kpis.evaluating.past import evaluations_on
from kpis.evaluating.writing import evaluate, evaluate_programme

__all__ = ["evaluate", "evaluate_due", "evaluate_programme", "evaluations_on"]

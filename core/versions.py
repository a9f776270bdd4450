"""The data version of a programme: a number that moves with every committed change."""

from django.db.models import Sum

from core.models import ChangeSlot


def data_version(programme_id: int) -> int:
    """Sum of the programme's change slots, 0 before the first write.

    Counters only grow and a reader sees exactly the committed ones, so equal sums mean equal
    data: figures cached under this number are never stale.
    """
    return ChangeSlot.objects.filter(programme_id=programme_id).aggregate(n=Sum("counter"))["n"] or 0

"""The data version of a programme: a number that moves with every committed change."""

from django.db.models import Sum

from core.models import ChangeSlot

#: Slots of what concerns every programme, the portal's parameters.
EVERY_PROGRAMME = 0


def data_version(programme_id: int) -> int:
    """Sum of the programme's change slots and the common ones, 0 before the first write.

    Counters only grow and a reader sees exactly the committed ones, so equal sums mean equal
    data: figures cached under this number are never stale.
    """
    slots = ChangeSlot.objects.filter(programme_id__in=(programme_id, EVERY_PROGRAMME))
    return slots.aggregate(n=Sum("counter"))["n"] or 0

"""What indicators offer to be counted elsewhere (programme.counts)."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kpis.models import Indicator
from programme.counts import register_count
from programme.models import Programme

#: Units and words of units that make an indicator a financial one.
MONEY = ("eur", "€")


def _followed(programme: Programme) -> QuerySet[Indicator]:
    return Indicator.objects.filter(programme=programme).exclude(state=Indicator.State.ENDED)


def indicators(programme: Programme) -> int:
    """Indicators that are followed or being drafted."""
    return _followed(programme).count()


def financial_indicators(programme: Programme) -> int:
    """Of them those in euros, or about a type of cost."""
    in_money = Q(related_cost_type__isnull=False)
    for word in MONEY:
        in_money |= Q(unit__icontains=word)
    return _followed(programme).filter(in_money).count()


def _list(programme: Programme) -> str:
    return reverse("kpis:indicator_list", args=[programme.slug])


register_count("indicators", _("indicators"), indicators, url=_list)
register_count("financial_indicators", _("financial indicators"), financial_indicators, url=_list)

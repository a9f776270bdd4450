"""The API's ledger: rows of the sectors' books as they were booked or budgeted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from core.api import euros
from core.money import eur_string
from core.periods import month_key
from measures.api import choices
from measures.models import LedgerEntry
from programme.api import ProgrammeFilters, ProgrammeList, Row


class LedgerFilters(ProgrammeFilters):
    sector = serializers.SlugField(required=False, help_text="Key of a sector.")
    cost_type = serializers.SlugField(required=False, help_text="Key of a cost type.")
    kind = serializers.ChoiceField(required=False, choices=choices(LedgerEntry.Kind))
    account = serializers.CharField(required=False)
    month_from = serializers.DateField(required=False, help_text="First month, any day of it.")
    month_to = serializers.DateField(required=False, help_text="Last month, any day of it.")
    is_internal = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="Charges between the county's own units."
    )


class LedgerSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    programme = serializers.SlugField()
    kind = serializers.ChoiceField(choices=choices(LedgerEntry.Kind))
    month = serializers.CharField(help_text="YYYY-MM")
    sector = serializers.SlugField()
    cost_type = serializers.SlugField()
    account = serializers.CharField(allow_blank=True)
    cost_centre = serializers.CharField(allow_blank=True)
    amount_eur = euros(help_text="Costs are positive.")
    budget_version = serializers.IntegerField(
        allow_null=True, help_text="0 for the original budget of the year; null for other kinds."
    )
    is_internal = serializers.BooleanField(help_text="Stands outside base, comparison and confirmation.")
    is_correction = serializers.BooleanField(help_text="Recorded after the month was closed.")
    booked_on = serializers.DateField(help_text="Day on which it was recorded.")
    is_illustrative = serializers.BooleanField(help_text="Made up to show the portal.")
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField()


_FILTERS = {
    "sector": "sector__key", "cost_type": "cost_type__key", "kind": "kind", "account": "account",
    "month_to": "month__lte", "is_internal": "is_internal",
}  # fmt: skip
_RENAMED = {"sector__key": "sector", "cost_type__key": "cost_type", "budget__number": "budget_version"}
_PLAIN = (
    "id", "programme_id", "kind", "month", "account", "cost_centre", "amount_eur_cents", "is_internal",
    "is_correction", "booked_on", "is_illustrative", "version", "updated_at",
)  # fmt: skip


@extend_schema_view(
    get=extend_schema(
        operation_id="ledger_list",
        description=(
            "One row for each month, sector, cost type, account and cost centre: budgets by version, actuals, "
            "year-end forecast. A month without actuals has no rows: it waits for the books."
        ),
        summary="Rows of the books",
        parameters=[LedgerFilters],
        responses=LedgerSerializer(many=True),
    )
)
class LedgerList(ProgrammeList):
    right = "savings.view"
    filters = LedgerFilters

    def rows(self) -> QuerySet[Any, Row]:
        asked = {name: value for name, value in self.asked.items() if value is not None}
        rows = self.within(LedgerEntry.objects.all()).filter(
            **{column: asked[name] for name, column in _FILTERS.items() if name in asked}
        )
        if "month_from" in asked:
            rows = rows.filter(month__gte=asked["month_from"].replace(day=1))
        return rows.values(*_PLAIN, *_RENAMED)

    def show(self, rows: list[Row]) -> Iterable[Row]:
        keys = self.keys
        for row in rows:
            row["programme"] = keys[row.pop("programme_id")]
            row["month"] = month_key(row["month"])
            row["amount_eur"] = eur_string(row.pop("amount_eur_cents"))
            for column, name in _RENAMED.items():
                row[name] = row.pop(column)
        return rows

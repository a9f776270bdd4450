"""Do the totals that triggers keep equal the rows they are of? (docs/adr/0010-totals.md)"""

from dataclasses import dataclass

from django.db import connection, transaction

from measures.triggers import MONTH_COLUMNS, THIS_TRANSACTION, raw_totals

_KEY = "programme_id, line_id, series, year"
_VALUES = ", ".join(["total_eur_cents", "n", "known", *MONTH_COLUMNS])
_KEPT = (
    f"SELECT {_KEY}, {_VALUES} FROM measures_measuretotal WHERE n <> 0 OR total_eur_cents <> 0 OR known <> 0"
)
_DIFFERING_TOTALS = f"""
    SELECT DISTINCT {_KEY} FROM (
        (SELECT * FROM ({_KEPT}) kept EXCEPT SELECT {_KEY}, {_VALUES} FROM ({raw_totals()}) raw)
        UNION ALL
        (SELECT {_KEY}, {_VALUES} FROM ({raw_totals()}) raw EXCEPT SELECT * FROM ({_KEPT}) kept)
    ) differing ORDER BY {_KEY}
"""
_DIFFERING_DECISIONS = """
    SELECT entry.programme_id, entry.line_id, entry.id
    FROM measures_savingsentry entry
    LEFT JOIN (
        SELECT entry_id, sum(part_eur_cents) AS cents FROM measures_confirmation
        WHERE withdrawn_on IS NULL GROUP BY entry_id
    ) part ON part.entry_id = entry.id
    WHERE entry.decided_eur_cents IS DISTINCT FROM part.cents
    ORDER BY entry.id
"""


@dataclass(frozen=True, slots=True)
class Differing:
    """What does not agree: keys of totals, and claims (programme, line, entry) with a wrong confirmed sum."""

    totals: list[tuple[int, int, str, int]]
    claims: list[tuple[int, int, int]]

    def __bool__(self) -> bool:
        return bool(self.totals or self.claims)


def differing() -> Differing:
    """Compares all totals with sums of all entries, and each claim's confirmed sum with its confirmations."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERING_TOTALS)
        totals = cursor.fetchall()
        cursor.execute(_DIFFERING_DECISIONS)
        return Differing(totals, cursor.fetchall())


def rebuild() -> None:
    """Writes all totals anew from the entries; writers wait meanwhile."""
    columns = ["total_eur_cents", "n", "known", *MONTH_COLUMNS]
    nothing = ", ".join(f"{column} = 0" for column in columns)
    right = ", ".join(f"{column} = excluded.{column}" for column in columns)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE measures_savingsentry IN SHARE ROW EXCLUSIVE MODE")
        # No row goes: whoever keeps totals is told of each by who changed it last.
        cursor.execute(f"UPDATE measures_measuretotal SET {nothing}, changed = {THIS_TRANSACTION}")
        cursor.execute(
            f"INSERT INTO measures_measuretotal ({_KEY}, {_VALUES}) {raw_totals()} ORDER BY {_KEY}"
            f" ON CONFLICT ({_KEY}) DO UPDATE SET {right}, changed = excluded.changed"
        )

"""Triggers that keep `MeasureTotal` and what the controller decided of a claim (docs/adr/0010-totals.md).

All but `never_own` are statement level. None joins a transition table with anything, so no plan cached for one-row
edits can make a later bulk statement quadratic: changed rows are added as +new and -old and grouped.
"""

import pgtrigger

MONTHS = range(1, 13)
_KEY = "programme_id, line_id, series, year"
MONTH_COLUMNS = [f"m{month:02d}" for month in MONTHS]
#: The number of the transaction that writes: whoever cannot have seen the row yet reads from its number on.
THIS_TRANSACTION = "pg_current_xact_id()::text::bigint"


def _cells(rows: str, sign: int) -> str:
    """What each entry adds to the totals: its own series and, for a claim, what became of it."""
    parts = (
        ("series", "amount_eur_cents", "TRUE"),
        ("'undecided'", "amount_eur_cents", "series = 'claimed' AND decided_eur_cents IS NULL"),
        ("'confirmed'", "decided_eur_cents", "decided_eur_cents IS NOT NULL"),
        ("'refused'", "amount_eur_cents - decided_eur_cents", "decided_eur_cents IS NOT NULL"),
    )
    return " UNION ALL ".join(
        f"SELECT programme_id, line_id, {series}::text AS series, extract(year FROM month)::int AS year,"
        f" extract(month FROM month)::int AS m, {sign} * ({cents}) AS cents, {sign} AS sign"
        f" FROM {rows} WHERE {condition}"
        for series, cents, condition in parts
    )


def grouped(cells: str) -> str:
    """SELECT of totals rows from `cells`, one for each key, in the order of the key."""
    sums = ", ".join(
        f"coalesce(sum(cents) FILTER (WHERE m = {month}), 0)::bigint AS {column}"
        for month, column in zip(MONTHS, MONTH_COLUMNS, strict=True)
    )
    return (
        f"SELECT {_KEY}, sum(cents)::bigint AS total_eur_cents, sum(sign)::int AS n,"
        f" sum(sign << (m - 1))::int AS known, {sums} FROM ({cells}) cell GROUP BY {_KEY}"
    )


def raw_totals() -> str:
    """SELECT of all totals rows worked out anew from entries: what `verify_totals` compares with."""
    return grouped(_cells("measures_savingsentry", 1))


def _upsert(cells: str) -> str:
    values = ["total_eur_cents", "n", "known", *MONTH_COLUMNS]
    is_change = " OR ".join(f"change.{column} <> 0" for column in values)
    added = ", ".join(f"{column} = measures_measuretotal.{column} + excluded.{column}" for column in values)
    columns = f"{_KEY}, {', '.join(values)}"
    return f"""
        INSERT INTO measures_measuretotal ({columns}, changed)
        SELECT {columns}, {THIS_TRANSACTION} FROM ({grouped(cells)}) change
        WHERE {is_change} ORDER BY {_KEY}
        ON CONFLICT ({_KEY}) DO UPDATE SET {added}, changed = excluded.changed;
        RETURN NULL;
    """


def keep_totals() -> list[pgtrigger.Trigger]:
    """For savings entries: totals follow every insert, update and delete, however it is made."""
    old, new = _cells("old_values", -1), _cells("new_values", 1)
    return [
        _after("totals_insert", pgtrigger.Insert, _upsert(new), new="new_values"),
        _after(
            "totals_update", pgtrigger.Update, _upsert(f"{old} UNION ALL {new}"),
            old="old_values", new="new_values",
        ),
        _after("totals_delete", pgtrigger.Delete, _upsert(old), old="old_values"),
    ]  # fmt: skip


def decide_claims() -> list[pgtrigger.Trigger]:
    """For confirmations: writes the sum of the valid parts to the claim, NULL while it is undecided.

    The claims are locked first, in order; the update then sees what others have committed meanwhile.
    """
    return [
        _after("decide_insert", pgtrigger.Insert, _decide("SELECT entry_id FROM new_values"), new="new_values"),
        _after(
            "decide_update", pgtrigger.Update,
            _decide("SELECT entry_id FROM old_values UNION SELECT entry_id FROM new_values"),
            old="old_values", new="new_values",
        ),
        _after("decide_delete", pgtrigger.Delete, _decide("SELECT entry_id FROM old_values"), old="old_values"),
    ]  # fmt: skip


def _decide(entries: str) -> str:
    confirmed = (
        "(SELECT sum(part.part_eur_cents) FROM measures_confirmation part"
        " WHERE part.programme_id = claim.programme_id AND part.entry_id = claim.id AND part.withdrawn_on IS NULL)"
    )
    return f"""
        DECLARE
            ids bigint[] := (SELECT array_agg(DISTINCT changed.entry_id) FROM ({entries}) changed);
        BEGIN
            IF ids IS NULL THEN RETURN NULL; END IF;
            PERFORM 1 FROM measures_savingsentry WHERE id = ANY(ids) ORDER BY id FOR UPDATE;
            UPDATE measures_savingsentry claim SET decided_eur_cents = {confirmed}
            WHERE claim.id = ANY(ids) AND claim.decided_eur_cents IS DISTINCT FROM {confirmed};
            RETURN NULL;
        END;
    """


def never_own() -> pgtrigger.Trigger:
    """For confirmations: whoever owns the measure does not decide on its claims (R7).

    Asked when a decision is made, not when it is withdrawn later: the owner may have changed by then.
    """
    func = """
        IF NEW.decided_by_id IS NULL THEN RETURN NEW; END IF;
        IF TG_OP = 'UPDATE' AND NEW.decided_by_id IS NOT DISTINCT FROM OLD.decided_by_id
            AND NEW.entry_id = OLD.entry_id THEN RETURN NEW;
        END IF;
        PERFORM 1 FROM measures_savingsentry claim
            JOIN measures_savingsline line ON line.id = claim.line_id
            JOIN measures_measure measure ON measure.id = line.measure_id
            WHERE claim.id = NEW.entry_id AND measure.owner_id = NEW.decided_by_id;
        IF FOUND THEN
            RAISE EXCEPTION 'The owner of a measure cannot decide on its claims'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'measures_confirmation_not_own';
        END IF;
        RETURN NEW;
    """
    return pgtrigger.Trigger(
        name="never_own", level=pgtrigger.Row, when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update, func=func,
    )  # fmt: skip


def drop_totals() -> pgtrigger.Trigger:
    """For savings lines: a deleted line leaves no totals behind."""
    func = """
        DELETE FROM measures_measuretotal
        WHERE programme_id = ANY(ARRAY(SELECT DISTINCT programme_id FROM old_values))
        AND line_id = ANY(ARRAY(SELECT id FROM old_values));
        RETURN NULL;
    """
    return _after("totals_drop", pgtrigger.Delete, func, old="old_values")


def keep_transfer_at_zero() -> pgtrigger.Trigger:
    """For rows of a base transfer: at the end of every transaction the rows of a transfer sum to zero (R19).

    The one trigger that looks at rows: PostgreSQL defers constraint triggers only, and those work row by row.
    A transfer has a handful of them.
    """
    func = """
        IF EXISTS (
            SELECT 1 FROM measures_basetransferrow part
            WHERE part.transfer_id IN (NEW.transfer_id, OLD.transfer_id)
            GROUP BY part.transfer_id HAVING sum(part.monthly_eur_cents) <> 0
        ) THEN
            RAISE EXCEPTION 'The rows of a base transfer must sum to zero.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'measures_basetransfer_zero';
        END IF;
        RETURN NULL;
    """
    return pgtrigger.Trigger(
        name="transfer_at_zero", level=pgtrigger.Row, when=pgtrigger.After, timing=pgtrigger.Deferred,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete, func=func,
    )  # fmt: skip


def _after(
    name: str, operation: pgtrigger.Operation, func: str, *, old: str | None = None, new: str | None = None
) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name, level=pgtrigger.Statement, when=pgtrigger.After, operation=operation,
        referencing=pgtrigger.Referencing(old=old, new=new), func=func,
    )  # fmt: skip

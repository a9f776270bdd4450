import measures.models.savings
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from core.operations import Together


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0013_services_own_and_bought"),
    ]

    operations = [
        Together(
            [
                pgtrigger.migrations.RemoveTrigger(
                    model_name="savingsentry",
                    name="totals_insert",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="savingsentry",
                    name="totals_update",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="savingsentry",
                    name="totals_delete",
                ),
                migrations.AddField(
                    model_name="measuretotal",
                    name="changed",
                    field=models.BigIntegerField(
                        db_default=measures.models.savings.ThisTransaction(), editable=False
                    ),
                ),
                migrations.AddIndex(
                    model_name="measuretotal",
                    index=models.Index(fields=["programme_id", "changed"], name="measures_total_changed"),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="savingsentry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="totals_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n        INSERT INTO measures_measuretotal (programme_id, line_id, series, year, total_eur_cents, n, known, m01, m02, m03, m04, m05, m06, m07, m08, m09, m10, m11, m12, changed)\n        SELECT programme_id, line_id, series, year, total_eur_cents, n, known, m01, m02, m03, m04, m05, m06, m07, m08, m09, m10, m11, m12, pg_current_xact_id()::text::bigint FROM (SELECT programme_id, line_id, series, year, sum(cents)::bigint AS total_eur_cents, sum(sign)::int AS n, sum(sign << (m - 1))::int AS known, coalesce(sum(cents) FILTER (WHERE m = 1), 0)::bigint AS m01, coalesce(sum(cents) FILTER (WHERE m = 2), 0)::bigint AS m02, coalesce(sum(cents) FILTER (WHERE m = 3), 0)::bigint AS m03, coalesce(sum(cents) FILTER (WHERE m = 4), 0)::bigint AS m04, coalesce(sum(cents) FILTER (WHERE m = 5), 0)::bigint AS m05, coalesce(sum(cents) FILTER (WHERE m = 6), 0)::bigint AS m06, coalesce(sum(cents) FILTER (WHERE m = 7), 0)::bigint AS m07, coalesce(sum(cents) FILTER (WHERE m = 8), 0)::bigint AS m08, coalesce(sum(cents) FILTER (WHERE m = 9), 0)::bigint AS m09, coalesce(sum(cents) FILTER (WHERE m = 10), 0)::bigint AS m10, coalesce(sum(cents) FILTER (WHERE m = 11), 0)::bigint AS m11, coalesce(sum(cents) FILTER (WHERE m = 12), 0)::bigint AS m12 FROM (SELECT programme_id, line_id, series::text AS series, extract(year FROM month)::int AS year, extract(month FROM month)::int AS m, 1 * (amount_eur_cents) AS cents, 1 AS sign FROM new_values WHERE TRUE UNION ALL SELECT programme_id, line_id, 'undecided'::text AS series, extract(year FROM month)::int AS year, extract(month FROM month)::int AS m, 1 * (amount_eur_cents) AS cents, 1 AS sign FROM new_values WHERE series = 'claimed' AND decided_eur_cents IS NULL UNION ALL SELECT programme_id, line_id, 'confirmed'::text AS series, extract(year FROM month)::int AS year, extract(month FROM month)::int AS m, 1 * (decided_eur_cents) AS cents, 1 AS sign FROM new_values WHERE decided_eur_cents IS NOT NULL UNION ALL SELECT programme_id, line_id, 'refused'::text AS series, extract(year FROM month)::int AS year, extract(month FROM month)::int AS m, 1 * (amount_eur_cents - decided_eur_cents) AS cents, 1 AS sign FROM new_values WHERE decided_eur_cents IS NOT NULL) cell GROUP BY programme_id, line_id, series, year) change\n        WHERE change.total_eur_cents <> 0 OR change.n <> 0 OR change.known <> 0 OR change.m01 <> 0 OR change.m02 <> 0 OR change.m03 <> 0 OR change.m04 <> 0 OR change.m05 <> 0 OR change.m06 <> 0 OR change.m07 <> 0 OR change.m08 <> 0 OR change.m09 <> 0 OR change.m10 <> 0 OR change.m11 <> 0 OR change.m12 <> 0 ORDER BY programme_id, line_id, series, year\n        ON CONFLICT (programme_id, line_id, series, year) DO UPDATE SET total_eur_cents = measures_measuretotal.total_eur_cents + excluded.total_eur_cents, n = measures_measuretotal.n + excluded.n, known = measures_measuretotal.known + excluded.known, m01 = measures_measuretotal.m01 + excluded.m01, m02 = measures_measuretotal.m02 + excluded.m02, m03 = measures_measuretotal.m03 + excluded.m03, m04 = measures_measuretotal.m04 + excluded.m04, m05 = measures_measuretotal.m05 + excluded.m05, m06 = measures_measuretotal.m06 + excluded.m06, m07 = measures_measuretotal.m07 + excluded.m07, m08 = measures_measuretotal.m08 + excluded.m08, m09 = measures_measuretotal.m09 + excluded.m09, m10 = measures_measuretotal.m10 + excluded.m10, m11 = measures_measuretotal.m11 + excluded.m11, m12 = measures_measuretotal.m12 + excluded.m12, changed = excluded.changed;\n        RETURN NULL;\n    ",
                            hash="24aa5b225d105db9b754bca6950ae9cc55e098d0",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_totals_insert_3b2a3",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="measures_savingsentry",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="savingsentry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="totals_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n        INSERT INTO measures_measuretotal (programme_id, line_id, series, year, total_eur_cents, n, known, m01, m02, m03, m04, m05, m06, m07, m08, m09, m10, m11, m12, changed)\n        SELECT programme_id, line_id, series, year, total_eur_cents, n, known, m01, m02, m03, m04, m05, m06, m07, m08, m09, m10, m11, m12, pg_current_xact_id()::text::bigint FROM (SELECT programme_id, line_id, series, year, sum(cents)::bigint AS total_eur_cents, sum(sign)::int AS n, sum(sign << (m - 1))::int AS known, coalesce(sum(cents) FILTER (WHERE m = 1), 0)::bigint AS m01, coalesce(sum(cents) FILTER (WHERE m = 2), 0)::bigint AS m02, coalesce(sum(cents) FILTER (WHERE m = 3), 0)::bigint AS m03, coalesce(sum(cents) FILTER (WHERE m = 4), 0)::bigint AS m04, coalesce(sum(cents) FILTER (WHERE m = 5), 0)::bigint AS m05, coalesce(sum(cents) FILTER (WHERE m = 6), 0)::bigint AS m06, coalesce(sum(cents) FILTER (WHERE m = 7), 0)::bigint AS m07, coalesce(sum(cents) FILTER (WHERE m = 8), 0)::bigint AS m08, coalesce(sum(cents) FILTER (WHERE m = 9), 0)::bigint AS m09, coalesce(sum(cents) FILTER (WHERE m = 10), 0)::bigint AS m10, coalesce(sum(cents) FILTER (WHERE m = 11), 0)::bigint AS m11, coalesce(sum(cents) FILTER (WHERE m = 12), 0)::bigint AS m12 FROM (SELECT programme_id, line_id, series::text AS series, extract(year FROM month)::int AS year, extract(month FROM month)::int AS m, -1 * (amount_eur_cents) AS cents, -1 AS sign FROM old_values WHERE TRUE UNION ALL SELECT programme_id, line_id, 'undecided'::text AS series, extract(year FROM month)::int AS year, extract(month FROM month)::int AS m, -1 * (amount_eur_cents) AS cents, -1 AS sign FROM old_values WHERE series = 'claimed' AND decided_eur_cents IS NULL UNION ALL SELECT programme_id, line_id, 'confirmed'::text AS series, extract(year FROM month)::int AS year, extract(month FROM month)::int AS m, -1 * (decided_eur_cents) AS cents, -1 AS sign FROM old_values WHERE decided_eur_cents IS NOT NULL UNION ALL SELECT programme_id, line_id, 'refused'::text AS series, extract(year FROM month)::int AS year, extract(month FROM month)::int AS m, -1 * (amount_eur_cents - decided_eur_cents) AS cents, -1 AS sign FROM old_values WHERE decided_eur_cents IS NOT NULL UNION ALL SELECT programme_id, line_id, series::text AS series, extract(year FROM month)::int AS year, extract(month FROM month)::int AS m, 1 * (amount_eur_cents) AS cents, 1 AS sign FROM new_values WHERE TRUE UNION ALL SELECT programme_id, line_id, 'undecided'::text AS series, extract(year FROM month)::int AS year, extract(month FROM month)::int AS m, 1 * (amount_eur_cents) AS cents, 1 AS sign FROM new_values WHERE series = 'claimed' AND decided_eur_cents IS NULL UNION ALL SELECT programme_id, line_id, 'confirmed'::text AS series, extract(year FROM month)::int AS year, extract(month FROM month)::int AS m, 1 * (decided_eur_cents) AS cents, 1 AS sign FROM new_values WHERE decided_eur_cents IS NOT NULL UNION ALL SELECT programme_id, line_id, 'refused'::text AS series, extract(year FROM month)::int AS year, extract(month FROM month)::int AS m, 1 * (amount_eur_cents - decided_eur_cents) AS cents, 1 AS sign FROM new_values WHERE decided_eur_cents IS NOT NULL) cell GROUP BY programme_id, line_id, series, year) change\n        WHERE change.total_eur_cents <> 0 OR change.n <> 0 OR change.known <> 0 OR change.m01 <> 0 OR change.m02 <> 0 OR change.m03 <> 0 OR change.m04 <> 0 OR change.m05 <> 0 OR change.m06 <> 0 OR change.m07 <> 0 OR change.m08 <> 0 OR change.m09 <> 0 OR change.m10 <> 0 OR change.m11 <> 0 OR change.m12 <> 0 ORDER BY programme_id, line_id, series, year\n        ON CONFLICT (programme_id, line_id, series, year) DO UPDATE SET total_eur_cents = measures_measuretotal.total_eur_cents + excluded.total_eur_cents, n = measures_measuretotal.n + excluded.n, known = measures_measuretotal.known + excluded.known, m01 = measures_measuretotal.m01 + excluded.m01, m02 = measures_measuretotal.m02 + excluded.m02, m03 = measures_measuretotal.m03 + excluded.m03, m04 = measures_measuretotal.m04 + excluded.m04, m05 = measures_measuretotal.m05 + excluded.m05, m06 = measures_measuretotal.m06 + excluded.m06, m07 = measures_measuretotal.m07 + excluded.m07, m08 = measures_measuretotal.m08 + excluded.m08, m09 = measures_measuretotal.m09 + excluded.m09, m10 = measures_measuretotal.m10 + excluded.m10, m11 = measures_measuretotal.m11 + excluded.m11, m12 = measures_measuretotal.m12 + excluded.m12, changed = excluded.changed;\n        RETURN NULL;\n    ",
                            hash="308105084ec1467574bf7f79dd1103438e674348",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_totals_update_7c537",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="measures_savingsentry",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="savingsentry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="totals_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n        INSERT INTO measures_measuretotal (programme_id, line_id, series, year, total_eur_cents, n, known, m01, m02, m03, m04, m05, m06, m07, m08, m09, m10, m11, m12, changed)\n        SELECT programme_id, line_id, series, year, total_eur_cents, n, known, m01, m02, m03, m04, m05, m06, m07, m08, m09, m10, m11, m12, pg_current_xact_id()::text::bigint FROM (SELECT programme_id, line_id, series, year, sum(cents)::bigint AS total_eur_cents, sum(sign)::int AS n, sum(sign << (m - 1))::int AS known, coalesce(sum(cents) FILTER (WHERE m = 1), 0)::bigint AS m01, coalesce(sum(cents) FILTER (WHERE m = 2), 0)::bigint AS m02, coalesce(sum(cents) FILTER (WHERE m = 3), 0)::bigint AS m03, coalesce(sum(cents) FILTER (WHERE m = 4), 0)::bigint AS m04, coalesce(sum(cents) FILTER (WHERE m = 5), 0)::bigint AS m05, coalesce(sum(cents) FILTER (WHERE m = 6), 0)::bigint AS m06, coalesce(sum(cents) FILTER (WHERE m = 7), 0)::bigint AS m07, coalesce(sum(cents) FILTER (WHERE m = 8), 0)::bigint AS m08, coalesce(sum(cents) FILTER (WHERE m = 9), 0)::bigint AS m09, coalesce(sum(cents) FILTER (WHERE m = 10), 0)::bigint AS m10, coalesce(sum(cents) FILTER (WHERE m = 11), 0)::bigint AS m11, coalesce(sum(cents) FILTER (WHERE m = 12), 0)::bigint AS m12 FROM (SELECT programme_id, line_id, series::text AS series, extract(year FROM month)::int AS year, extract(month FROM month)::int AS m, -1 * (amount_eur_cents) AS cents, -1 AS sign FROM old_values WHERE TRUE UNION ALL SELECT programme_id, line_id, 'undecided'::text AS series, extract(year FROM month)::int AS year, extract(month FROM month)::int AS m, -1 * (amount_eur_cents) AS cents, -1 AS sign FROM old_values WHERE series = 'claimed' AND decided_eur_cents IS NULL UNION ALL SELECT programme_id, line_id, 'confirmed'::text AS series, extract(year FROM month)::int AS year, extract(month FROM month)::int AS m, -1 * (decided_eur_cents) AS cents, -1 AS sign FROM old_values WHERE decided_eur_cents IS NOT NULL UNION ALL SELECT programme_id, line_id, 'refused'::text AS series, extract(year FROM month)::int AS year, extract(month FROM month)::int AS m, -1 * (amount_eur_cents - decided_eur_cents) AS cents, -1 AS sign FROM old_values WHERE decided_eur_cents IS NOT NULL) cell GROUP BY programme_id, line_id, series, year) change\n        WHERE change.total_eur_cents <> 0 OR change.n <> 0 OR change.known <> 0 OR change.m01 <> 0 OR change.m02 <> 0 OR change.m03 <> 0 OR change.m04 <> 0 OR change.m05 <> 0 OR change.m06 <> 0 OR change.m07 <> 0 OR change.m08 <> 0 OR change.m09 <> 0 OR change.m10 <> 0 OR change.m11 <> 0 OR change.m12 <> 0 ORDER BY programme_id, line_id, series, year\n        ON CONFLICT (programme_id, line_id, series, year) DO UPDATE SET total_eur_cents = measures_measuretotal.total_eur_cents + excluded.total_eur_cents, n = measures_measuretotal.n + excluded.n, known = measures_measuretotal.known + excluded.known, m01 = measures_measuretotal.m01 + excluded.m01, m02 = measures_measuretotal.m02 + excluded.m02, m03 = measures_measuretotal.m03 + excluded.m03, m04 = measures_measuretotal.m04 + excluded.m04, m05 = measures_measuretotal.m05 + excluded.m05, m06 = measures_measuretotal.m06 + excluded.m06, m07 = measures_measuretotal.m07 + excluded.m07, m08 = measures_measuretotal.m08 + excluded.m08, m09 = measures_measuretotal.m09 + excluded.m09, m10 = measures_measuretotal.m10 + excluded.m10, m11 = measures_measuretotal.m11 + excluded.m11, m12 = measures_measuretotal.m12 + excluded.m12, changed = excluded.changed;\n        RETURN NULL;\n    ",
                            hash="93f3d4e2416c0f0ddd469909f90290391dd48401",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_totals_delete_256f3",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="measures_savingsentry",
                            when="AFTER",
                        ),
                    ),
                ),
            ]
        )
    ]

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0009_illustrative_books"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="confirmation",
            trigger=pgtrigger.compiler.Trigger(
                name="never_own",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n        IF NEW.decided_by_id IS NULL THEN RETURN NEW; END IF;\n        IF TG_OP = 'UPDATE' AND NEW.decided_by_id IS NOT DISTINCT FROM OLD.decided_by_id\n            AND NEW.entry_id = OLD.entry_id THEN RETURN NEW;\n        END IF;\n        PERFORM 1 FROM measures_savingsentry claim\n            JOIN measures_savingsline line ON line.id = claim.line_id\n            JOIN measures_measure measure ON measure.id = line.measure_id\n            WHERE claim.id = NEW.entry_id AND measure.owner_id = NEW.decided_by_id;\n        IF FOUND THEN\n            RAISE EXCEPTION 'The owner of a measure cannot decide on its claims'\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'measures_confirmation_not_own';\n        END IF;\n        RETURN NEW;\n    ",
                    hash="b1ec12a2ac24af4c980010488f696fde622e8490",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_never_own_41ae6",
                    table="measures_confirmation",
                    when="BEFORE",
                ),
            ),
        ),
    ]

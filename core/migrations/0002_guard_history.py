"""Keeps who and why: what a history context says may grow during its request, never change or go."""

from django.db import migrations

GUARD = """
CREATE FUNCTION core_guard_history_context() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.id = OLD.id AND NEW.created_at = OLD.created_at
        AND NEW.metadata @> OLD.metadata THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'history: who and why of a change cannot be changed or removed';
END;
$$;
CREATE TRIGGER core_guard_history_context BEFORE UPDATE OR DELETE ON pghistory_context
FOR EACH ROW EXECUTE FUNCTION core_guard_history_context();
"""

UNGUARD = """
DROP TRIGGER core_guard_history_context ON pghistory_context;
DROP FUNCTION core_guard_history_context();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.RunSQL(GUARD, UNGUARD),
    ]

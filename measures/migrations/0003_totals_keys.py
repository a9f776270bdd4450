"""What Django cannot say: the composite keys of savings entries, and room for updates in totals."""

from django.db import migrations

KEYS = """
ALTER TABLE measures_savingsentry ADD CONSTRAINT measures_savingsentry_line
    FOREIGN KEY (programme_id, line_id) REFERENCES measures_savingsline (programme_id, id)
    DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE measures_measuretotal SET (fillfactor = 80);
"""

NO_KEYS = """
ALTER TABLE measures_savingsentry DROP CONSTRAINT measures_savingsentry_line;
ALTER TABLE measures_measuretotal RESET (fillfactor);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0002_initial"),
    ]

    operations = [
        migrations.RunSQL(KEYS, NO_KEYS),
    ]

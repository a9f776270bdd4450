"""Operations of a migration applied together give what they give one by one."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from core.operations import Together


def operations():
    return [
        migrations.CreateModel(
            "Tree", [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField())]
        ),
        migrations.CreateModel(
            "Leaf", [("id", models.BigAutoField(primary_key=True)), ("size", models.IntegerField())]
        ),
        migrations.AddField("leaf", "tree", models.ForeignKey("core.tree", models.CASCADE)),
        migrations.AddIndex("leaf", models.Index(fields=["size"], name="leaf_size")),
        migrations.AddConstraint(
            "leaf", models.CheckConstraint(condition=models.Q(size__gt=0), name="leaf_size_positive")
        ),
    ]


def shape() -> set[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns "
            "WHERE table_name IN ('core_tree', 'core_leaf') UNION "
            "SELECT conrelid::regclass::text, contype::text, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid::regclass::text IN ('core_tree', 'core_leaf') UNION "
            "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE tablename IN ('core_tree', 'core_leaf')"
        )
        return set(cursor.fetchall())


def migration(*steps) -> migrations.Migration:
    made = migrations.Migration("0001_test", "core")
    made.operations = list(steps)
    return made


def forwards(made: migrations.Migration, before: ProjectState) -> ProjectState:
    with connection.schema_editor() as editor:
        return made.apply(before.clone(), editor)


def backwards(made: migrations.Migration, before: ProjectState) -> None:
    with connection.schema_editor() as editor:
        made.unapply(before.clone(), editor)


@pytest.mark.django_db(transaction=True)
def test_same_tables_and_same_state_and_back_again():
    nothing = ProjectState()
    one_by_one, together = migration(*operations()), migration(Together(operations()))

    state = forwards(one_by_one, nothing)
    expected = shape()
    backwards(one_by_one, nothing)
    assert shape() == set()

    assert forwards(together, nothing) == state
    assert shape() == expected
    backwards(together, nothing)
    assert shape() == set()


@pytest.mark.django_db(transaction=True)
def test_older_tables_are_changed_in_order():
    first, rest = operations()[:2], operations()[2:]
    nothing = ProjectState()
    made, changed = migration(Together(first)), migration(Together(rest))
    between = forwards(made, nothing)
    forwards(changed, between)
    assert any("leaf_size_positive" in row or "size > 0" in row[2] for row in shape())
    backwards(changed, between)
    backwards(made, nothing)
    assert shape() == set()

"""Every change is kept, with who and why; nothing kept can be changed; bulk writes stay quick."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pghistory
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import CharField, TextField

from core.bulk import bulk_write
from core.history import event_models, faults, own_context, row_level_triggers
from core.rights import JOINING_FUNCTIONS, append_only_tables
from programme.models import Programme, Theme
from tests.factories.accounts import make_person, make_programme

ThemeEvent = apps.get_model("programme", "ThemeEvent")
Context = apps.get_model("pghistory", "Context")


def make_themes(programme: Programme, count: int) -> None:
    Theme.objects.bulk_create(
        Theme(programme=programme, key=f"t{n}", number=n % 1000, name_fi=f"Teema {n}") for n in range(count)
    )


def last_event(theme: Theme) -> Any:
    return ThemeEvent.objects.filter(pgh_obj_id=theme.pk).latest("pgh_id")


@pytest.fixture
def theme(db: None) -> Theme:
    return Theme.objects.create(programme=make_programme("own"), key="digi", number=1, name_fi="Digi")


@pytest.fixture
def as_application(db: None) -> Iterator[None]:
    """What follows runs with the rights of the application's role."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE portal_app")
        yield
        cursor.execute("RESET ROLE")


def refused(sql: str, message: str) -> None:
    with pytest.raises(DatabaseError, match=message), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


# ---------------------------------------------------------------------------- the triggers
def test_no_history_trigger_fires_for_every_row(db: None) -> None:
    with connection.cursor() as cursor:
        assert row_level_triggers(cursor) == []


@pytest.mark.parametrize(
    "body",
    [
        """INSERT INTO "programme_themeevent" ("pgh_label") VALUES ('x'); RETURN NULL;""",
        "PERFORM _pgh_attach_context(); RETURN NULL;",
    ],
)
def test_the_search_for_row_level_triggers_finds_one(db: None, body: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE FUNCTION by_row() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN {body} END$$")
        cursor.execute(
            "CREATE TRIGGER by_row AFTER UPDATE ON programme_theme FOR EACH ROW EXECUTE FUNCTION by_row()"
        )

        assert row_level_triggers(cursor) == ["programme_theme.by_row"]
        assert "programme_theme.by_row writes history row by row." in faults(cursor)


def test_row_triggers_that_keep_no_history_are_there(db: None) -> None:
    """The search above tells them apart: without them it would prove nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE tgname LIKE 'pgtrigger_bump_version%'), "
            "count(*) FILTER (WHERE tgname LIKE 'pgtrigger_append_only%' OR tgname LIKE 'pgtrigger_protect%') "
            "FROM pg_trigger WHERE NOT tgisinternal AND (tgtype & 1) = 1"
        )
        versions, protections = cursor.fetchone()

    assert versions > 10
    assert protections >= len(event_models())


def test_every_joining_function_forbids_nested_loops(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(JOINING_FUNCTIONS)
        joining = {name for (name,) in cursor.fetchall()}
        cursor.execute(
            "SELECT oid::regprocedure::text FROM pg_proc WHERE 'enable_nestloop=off' = ANY (proconfig)"
        )
        without = {name for (name,) in cursor.fetchall()}

    assert len(joining) > len(event_models()), "history and data version of each table"
    assert joining <= without


def test_a_function_that_was_made_anew_gets_the_setting_again(db: None) -> None:
    from core.rights import after_migrate

    with connection.cursor() as cursor:
        cursor.execute(JOINING_FUNCTIONS)
        (function,) = cursor.fetchone()
        cursor.execute(f"ALTER FUNCTION {function} RESET enable_nestloop")
        after_migrate("default", plan=[])
        cursor.execute("SELECT proconfig FROM pg_proc WHERE oid = %s::regprocedure", [function])

        assert "enable_nestloop=off" in cursor.fetchone()[0]


def test_event_tables_have_their_key_and_one_index(db: None) -> None:
    with connection.cursor() as cursor:
        for event in event_models():
            cursor.execute("SELECT count(*) FROM pg_indexes WHERE tablename = %s", [event._meta.db_table])
            assert cursor.fetchone()[0] == 2, event._meta.db_table


def test_links_between_rows_are_kept_too() -> None:
    ours = {"programme", "measures", "kpis", "risks", "strategy", "reporting"}
    kept = {event.pgh_tracked_model for event in event_models()}
    links = [
        field.remote_field.through
        for model in apps.get_models()
        if model._meta.app_label in ours
        for field in model._meta.local_many_to_many
    ]

    assert links, "there are links to look at"
    assert [link._meta.label for link in links if link not in kept] == []


def test_faults_are_found(theme: Theme) -> None:
    with connection.cursor() as cursor:
        assert faults(cursor) == []
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_update_update%' "
                       "AND tgrelid = 'programme_theme'::regclass")  # fmt: skip
        (name,) = cursor.fetchone()
        cursor.execute(f"ALTER TABLE programme_theme DISABLE TRIGGER {name}")

        assert faults(cursor) == ["programme_theme has 2 of 3 history triggers switched on."]


# ---------------------------------------------------------------------------- who and why
def test_orm_changes_leave_who_and_why(theme: Theme) -> None:
    with pghistory.context(user=7, reason="named anew"):
        theme.name_fi = "Uusi"
        theme.save()

    event = last_event(theme)
    assert (event.pgh_label, event.name_fi) == ("update", "Uusi")
    assert event.pgh_context.metadata == {"user": 7, "reason": "named anew"}


def test_saving_a_row_as_it_was_leaves_no_event_and_no_version(theme: Theme) -> None:
    Theme.objects.filter(pk=theme.pk).update(slogan_fi="Toisin")
    events = ThemeEvent.objects.count()
    fresh = Theme.objects.get(pk=theme.pk)
    fresh.save()

    assert ThemeEvent.objects.count() == events
    assert Theme.objects.get(pk=theme.pk).version == 2


def test_a_stale_copy_cannot_turn_the_version_back(theme: Theme) -> None:
    Theme.objects.filter(pk=theme.pk).update(slogan_fi="Toisin")
    Theme.objects.filter(pk=theme.pk).update(version=1, updated_at="2000-01-01T00:00:00Z")

    row = Theme.objects.get(pk=theme.pk)
    assert row.version == 2
    assert row.updated_at.year > 2000


def test_deleting_keeps_the_row_as_it_was(theme: Theme) -> None:
    key = theme.pk
    theme.delete()

    assert ThemeEvent.objects.filter(pgh_obj_id=key).latest("pgh_id").pgh_label == "delete"


def bulk_update(person: Any) -> None:
    with pghistory.context(user=person.pk, reason="why"):
        rows = list(Theme.objects.all())
        for row in rows:
            row.slogan_fi = "S"
        Theme.objects.bulk_update(rows, ["slogan_fi"])


def queryset_update(person: Any) -> None:
    with pghistory.context(user=person.pk, reason="why"):
        Theme.objects.update(slogan_fi="S")


def raw_sql(person: Any) -> None:
    with bulk_write(person, "why") as writer:
        writer.execute("UPDATE programme_theme SET slogan_fi = 'S'")


def cursor_sql(person: Any) -> None:
    with pghistory.context(user=person.pk, reason="why"), connection.cursor() as cursor:
        cursor.execute("UPDATE programme_theme SET slogan_fi = %s", ["S"])


@pytest.mark.parametrize("write", [bulk_update, queryset_update, raw_sql, cursor_sql])
def test_every_bulk_change_leaves_one_event_with_who_and_why(db: None, write: Callable[[Any], None]) -> None:
    make_themes(make_programme("own"), 50)
    person = make_person()
    write(person)

    events = ThemeEvent.objects.filter(pgh_label="update")
    assert events.count() == events.values("pgh_obj_id").distinct().count() == 50
    contexts = Context.objects.filter(pk__in=events.values("pgh_context_id"))
    assert [context.metadata for context in contexts] == [{"user": person.pk, "reason": "why"}]


def test_copy_as_the_first_statement_leaves_who_and_why(db: None) -> None:
    programme, person = make_programme("own"), make_person()
    texts = {
        field.name: "" for field in Theme._meta.concrete_fields if isinstance(field, (CharField, TextField))
    }
    rows = [
        texts | {"programme": programme.pk, "key": f"c{n}", "number": n, "name_fi": "C", "name_variants": "[]"}
        | {"version": 1}
        for n in range(30)
    ]  # fmt: skip
    with bulk_write(person, "import", file="abc") as writer:
        fed = writer.copy_rows(Theme, list(rows[0]), (tuple(row.values()) for row in rows))

    events = ThemeEvent.objects.filter(pgh_label="insert").select_related("pgh_context")
    assert fed == len(events) == 30
    assert {event.pgh_context_id for event in events} == {events[0].pgh_context_id}
    assert events[0].pgh_context.metadata == {"user": person.pk, "reason": "import", "file": "abc"}


def test_raw_sql_without_a_context_leaves_the_database_user(theme: Theme) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE programme_theme SET slogan_fi = 'psql'")
        cursor.execute("SELECT session_user")
        (session_user,) = cursor.fetchone()

    event = last_event(theme)
    assert event.pgh_context_id is None
    assert event.pgh_session_user == session_user


def test_bulk_write_inside_a_request_keeps_the_person_and_does_not_rewrite_the_reason(theme: Theme) -> None:
    with pghistory.context(user=7, reason="first"):
        theme.name_fi = "A"
        theme.save()
        first = last_event(theme)
        with bulk_write(None, "second"):
            Theme.objects.update(name_fi="B")
        second = last_event(theme)
        Theme.objects.update(name_fi="C")
        third = last_event(theme)

    assert first.pgh_context.metadata == third.pgh_context.metadata == {"user": 7, "reason": "first"}
    assert second.pgh_context.metadata == {"user": 7, "reason": "second"}


def test_own_context_outside_any_is_a_plain_one(theme: Theme) -> None:
    with own_context(reason="alone"):
        Theme.objects.update(name_fi="B")

    assert last_event(theme).pgh_context.metadata == {"reason": "alone"}


# ---------------------------------------------------------------------------- nothing kept can be changed
def test_events_refuse_update_and_delete_even_by_the_owner(theme: Theme) -> None:
    refused("UPDATE programme_themeevent SET name_fi = 'x'", "Cannot update or delete")
    refused("DELETE FROM programme_themeevent", "Cannot update or delete")


def test_who_and_why_may_grow_but_not_change_or_go(theme: Theme) -> None:
    with pghistory.context(user=7):
        Theme.objects.update(name_fi="B")
    refused("UPDATE pghistory_context SET metadata = '{\"user\": 8}'", "cannot be changed")
    refused("DELETE FROM pghistory_context", "cannot be changed")
    with connection.cursor() as cursor:
        cursor.execute('UPDATE pghistory_context SET metadata = \'{"user": 7, "request": "r"}\'')

    assert last_event(theme).pgh_context.metadata["request"] == "r"


@pytest.mark.usefixtures("as_application")
def test_the_application_may_add_events_and_nothing_else() -> None:
    for table in sorted(append_only_tables()):
        for act in (f"UPDATE {table} SET pgh_label = ''", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            if table.endswith("event"):
                refused(act, "permission denied")
    refused("TRUNCATE programme_theme CASCADE", "permission denied")
    refused("DELETE FROM pghistory_context", "permission denied")
    refused(
        "INSERT INTO pghistory_context (id, metadata) VALUES (gen_random_uuid(), '{}')", "permission denied"
    )
    refused("ALTER TABLE programme_theme DISABLE TRIGGER ALL", "must be owner")


@pytest.mark.usefixtures("as_application")
def test_the_application_writes_rows_and_their_history() -> None:
    with pghistory.context(user=7, reason="as the application"):
        theme = Theme.objects.create(programme=make_programme("own"), key="digi", number=1, name_fi="Digi")
        theme.name_fi = "Toinen"
        theme.save()
        theme.delete()

    assert list(ThemeEvent.objects.order_by("pgh_id").values_list("pgh_label", flat=True)) == [
        "insert", "update", "delete",
    ]  # fmt: skip


def test_append_only_tables_are_those_of_events_and_of_models_that_say_so(db: None) -> None:
    tables = append_only_tables()

    assert "programme_themeevent" in tables
    assert "programme_theme" not in tables
    assert len(tables) >= len(event_models()) > 10


# ---------------------------------------------------------------------------- quick in bulk (trap B)
@pytest.mark.django_db(transaction=True)
def test_a_warm_connection_updates_in_bulk_within_five_times_a_fresh_one() -> None:
    make_themes(make_programme("own"), 20_000)

    def in_bulk(text: str) -> float:
        began = time.perf_counter()
        Theme.objects.update(slogan_fi=text)
        return time.perf_counter() - began

    connection.close()
    fresh = in_bulk("fresh")
    connection.close()
    for theme in Theme.objects.order_by("pk")[:20]:
        theme.slogan_fi = "one by one"
        theme.save()
    warm = in_bulk("warm")

    assert warm < 5 * fresh, f"{warm:.2f} s after one-row edits, {fresh:.2f} s on a fresh connection"


def test_the_driver_sends_two_statements_in_one_string() -> None:
    """pghistory puts its context in front of each statement; server-side binding would refuse that."""
    assert not connection.settings_dict["OPTIONS"].get("server_side_binding")


def test_row_triggers_make_no_subtransactions(db: None) -> None:
    """A caught exception in a row trigger makes bulk updates quadratic while foreign-key checks are pending."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = '_pgtrigger_should_ignore'")
        (source,) = cursor.fetchone()
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{one,two}', true)")
        cursor.execute("SELECT _pgtrigger_should_ignore('one'), _pgtrigger_should_ignore('three')")
        named = cursor.fetchone()
        cursor.execute("SELECT set_config('pgtrigger.ignore', '', true)")
        cursor.execute("SELECT _pgtrigger_should_ignore('one')")

        assert "EXCEPTION" not in source
        assert named == (True, False)
        assert cursor.fetchone() == (None,)

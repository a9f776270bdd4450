"""What the database itself is told after every migration: rights of the application, plans of triggers.

The application's role may read and write rows, may only add to tables that are append-only, and may
empty none (decision 34). It runs beside the owner of the tables only where two roles are used.
"""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections, models

#: Made by the embedded launcher and by the documented set-up of a real server.
APPLICATION_ROLE = "portal_app"

#: Written by migrations, and by the function that attaches a history context.
READ_ONLY = {"django_migrations", "pghistory_context"}

#: Server version in which a role may be let ANALYZE a table that is not its own, after a bulk write.
MAINTAIN_SINCE = 170000

#: Statement triggers that join the rows before and after: a plan made for one row is hours for many.
JOINING_FUNCTIONS = """
    SELECT DISTINCT p.oid::regprocedure::text
    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE NOT t.tgisinternal AND t.tgoldtable IS NOT NULL AND t.tgnewtable IS NOT NULL
"""
WITHOUT_NESTED_LOOPS = "'enable_nestloop=off' = ANY (coalesce(p.proconfig, '{}'))"


#: The library's own version catches an exception, and each catch is a subtransaction: a row trigger then walks
#: all deferred foreign-key checks of the transaction for every row (26 000 rows: 25 s instead of 0.2 s).
SHOULD_IGNORE = """
    CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN AS $$
        SELECT trigger_name = ANY (nullif(current_setting('pgtrigger.ignore', true), '')::text[])
    $$ LANGUAGE sql STABLE
"""


def after_migrate(using: str, **kwargs: Any) -> None:
    """Signal handler of `post_migrate`. `flush` sends the same signal, without a plan, and is left alone."""
    if "plan" not in kwargs or connections[using].vendor != "postgresql":
        return
    with connections[using].cursor() as cursor:
        forbid_nested_loops(cursor)
        cursor.execute(SHOULD_IGNORE)
        lend_owner_rights(cursor)
        for role in application_roles(cursor):
            grant_rights(cursor, role)


def forbid_nested_loops(cursor: Any) -> None:
    """Re-creating a function loses the setting, so it is given again after each migration."""
    cursor.execute(f"{JOINING_FUNCTIONS} AND NOT {WITHOUT_NESTED_LOOPS}")
    for (function,) in cursor.fetchall():
        cursor.execute(f"ALTER FUNCTION {function} SET enable_nestloop = off")


def lend_owner_rights(cursor: Any) -> None:
    """Only the trigger's own function writes who and why; the application's role reads them."""
    cursor.execute("ALTER FUNCTION _pgh_attach_context() SECURITY DEFINER SET search_path = public, pg_temp")


def application_roles(cursor: Any) -> list[str]:
    """Existing roles that use the tables without owning them."""
    wanted = {APPLICATION_ROLE, getattr(settings, "DATABASE_APP_ROLE", "")}
    cursor.execute(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY (%s) AND rolname <> current_user ORDER BY 1",
        [list(wanted)],
    )
    return [role for (role,) in cursor.fetchall()]


def grant_rights(cursor: Any, role: str) -> None:
    """Gives the role exactly what the application needs, whatever it had before."""
    quote = cursor.db.ops.quote_name
    cursor.execute(f"GRANT USAGE ON SCHEMA public TO {quote(role)}")
    cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quote(role)}")
    cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {quote(role)}")
    existing = set(cursor.db.introspection.table_names(cursor, include_views=False))
    append_only = append_only_tables() & existing
    readable = READ_ONLY & existing
    ordinary = existing - append_only - readable
    maintain = ", MAINTAIN" if cursor.connection.info.server_version >= MAINTAIN_SINCE else ""
    for rights, tables in (
        (f"SELECT, INSERT, UPDATE, DELETE{maintain}", ordinary),
        ("SELECT, INSERT", append_only),
        ("SELECT", readable),
    ):
        if tables:
            names = ", ".join(quote(name) for name in sorted(tables))
            cursor.execute(f"GRANT {rights} ON {names} TO {quote(role)}")


def append_only_tables() -> set[str]:
    """Tables of history events and of models that say `append_only = True`."""
    return {model._meta.db_table for model in apps.get_models() if is_append_only(model)}


def is_append_only(model: type[models.Model]) -> bool:
    is_event = getattr(model, "pgh_tracked_model", None) is not None and not model._meta.proxy
    return is_event or bool(getattr(model, "append_only", False))

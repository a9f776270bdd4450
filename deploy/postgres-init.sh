#!/bin/sh
# Runs once, when the database folder is empty: two roles, one database, three extensions.
# The application (portal_app) uses tables; only the owner (portal_owner) makes and changes them.
set -eu

psql --username "${POSTGRES_USER:-postgres}" --set ON_ERROR_STOP=1 \
    --set owner_password="$OWNER_PASSWORD" --set app_password="$APP_PASSWORD" <<'SQL'
CREATE ROLE portal_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE portal_app LOGIN PASSWORD :'app_password';
CREATE DATABASE portal OWNER portal_owner TEMPLATE template0
    LOCALE_PROVIDER builtin BUILTIN_LOCALE 'PG_UNICODE_FAST' LOCALE 'C' ENCODING 'UTF8';
\connect portal
CREATE EXTENSION btree_gist;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION unaccent;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO portal_app;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner GRANT USAGE, SELECT ON SEQUENCES TO portal_app;
GRANT ALL ON SCHEMA public TO portal_owner;
SQL

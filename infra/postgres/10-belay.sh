#!/bin/sh
# Runs once, when the database container makes its files: the role that owns the schema (no superuser),
# its database, and the one extension that Belay assumes. Roles of the services are made by the migrations.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$BELAY_OWNER_PASSWORD" --username "$POSTGRES_USER" <<'SQL'
CREATE ROLE belay_owner LOGIN CREATEROLE PASSWORD :'password';
CREATE DATABASE belay OWNER belay_owner;
\connect belay
CREATE EXTENSION IF NOT EXISTS vector;
SQL

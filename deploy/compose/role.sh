#!/bin/sh
# The role of the service and its database, made when PostgreSQL starts for the first time. It is no superuser, so that
# row-level security binds it.
set -eu
psql --set=ON_ERROR_STOP=1 --username=postgres --set=secret="$FRICTION_DB_PASSWORD" <<'SQL'
CREATE ROLE friction LOGIN PASSWORD :'secret';
CREATE DATABASE friction OWNER friction;
SQL

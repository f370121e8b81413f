#!/bin/sh
# Creates one role and one database for each service; no service can connect to another's. An empty server runs it once.
set -eu

for service in identity gradebook attendance notifications printing; do
    variable="LYCEUM_$(echo "$service" | tr '[:lower:]' '[:upper:]')_PASSWORD"
    password=$(printenv "$variable") || { echo "$variable is not set." >&2; exit 1; }
    psql --username "$POSTGRES_USER" --dbname postgres --set ON_ERROR_STOP=1 \
        --set service="$service" --set password="$password" <<'SQL'
CREATE ROLE :"service" LOGIN PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"service";
REVOKE CONNECT, TEMPORARY ON DATABASE :"service" FROM PUBLIC;
SQL
done

-- Run by psql as superuser when the data volume is new, and again after an upgrade that changes the roles:
-- docker compose exec -u postgres postgres sh -c \
--     'PGPASSWORD="$(cat /run/secrets/postgres)" psql -f /docker-entrypoint-initdb.d/10-polisdesk.sql'
-- The SQL itself is the launcher's (config/launch/sql); here come only the passwords, each from its secret file.
\set ON_ERROR_STOP on
\set QUIET on
\set bo_owner `cat /run/secrets/bo_owner`
\set bo_app `cat /run/secrets/bo_app`
\set bo_public `cat /run/secrets/bo_public`
\set bo_operator `cat /run/secrets/bo_operator`
\set bo_backup `cat /run/secrets/bo_backup`
select
    set_config('polisdesk.password_bo_owner', :'bo_owner', false),
    set_config('polisdesk.password_bo_app', :'bo_app', false),
    set_config('polisdesk.password_bo_public', :'bo_public', false),
    set_config('polisdesk.password_bo_operator', :'bo_operator', false),
    set_config('polisdesk.password_bo_backup', :'bo_backup', false)
\g /dev/null
\ir sql/roles.sql
select 'create database polisdesk owner bo_owner' where not exists (select from pg_database where datname = 'polisdesk')
\gexec
\connect polisdesk
\ir sql/database.sql

-- The login roles of one cluster, as superuser. Idempotent: it brings any earlier state to this one.
-- Read by the launcher and by docker/postgres/init.sh; each sets polisdesk.password_<role> in its session first.
do $$
declare
    wanted record;
begin
    for wanted in
        select * from (values
            ('bo_owner',    'login nosuperuser nobypassrls inherit nocreaterole nocreatedb'),     -- owns the tables, runs migrations
            ('bo_app',      'login nosuperuser nobypassrls inherit nocreaterole nocreatedb'),     -- office and workers
            ('bo_public',   'login nosuperuser nobypassrls inherit nocreaterole nocreatedb'),     -- front office, links, folder, advisers
            ('bo_operator', 'login nosuperuser nobypassrls inherit nocreaterole nocreatedb'),     -- computing centre
            ('bo_backup',   'login nosuperuser bypassrls inherit nocreaterole nocreatedb'),       -- backup job only
            ('sec_guard',   'nologin nosuperuser bypassrls inherit nocreaterole nocreatedb')      -- owns the definer functions
        ) as roles (name, attributes)
    loop
        if not exists (select from pg_roles where rolname = wanted.name) then
            execute format('create role %I', wanted.name);
        end if;
        execute format('alter role %I %s', wanted.name, wanted.attributes);
        if wanted.attributes like 'login%' then
            execute format('alter role %I password %L', wanted.name, current_setting('polisdesk.password_' || wanted.name));
        end if;
    end loop;
end
$$;

-- What the computing centre reads in a window it reads soon: no statement and no transaction outlives one for long.
alter role bo_operator set statement_timeout = '30s';
alter role bo_operator set idle_in_transaction_session_timeout = '30s';
alter role bo_operator set transaction_timeout = '60s';

-- The owner has sec_guard's rights only by SET ROLE inside a migration.
grant sec_guard to bo_owner with inherit false, set true;
grant pg_read_all_data to bo_backup;

-- A door has its own login without memberships: whatever it was given elsewhere is taken back.
do $$
declare
    membership record;
begin
    for membership in
        select granted.rolname as granted, member.rolname as member
        from pg_auth_members
        join pg_roles granted on granted.oid = roleid
        join pg_roles member on member.oid = pg_auth_members.member
        where member.rolname in ('bo_app', 'bo_public', 'bo_operator')
    loop
        execute format('revoke %I from %I', membership.granted, membership.member);
    end loop;
end
$$;

-- Test clusters only, after roles.sql. bo_test becomes any of the doors, bo_owner makes the test databases.
do $$
begin
    if not exists (select from pg_roles where rolname = 'bo_test') then
        create role bo_test;
    end if;
    execute format(
        'alter role bo_test login nosuperuser nobypassrls noinherit nocreaterole nocreatedb password %L',
        current_setting('polisdesk.password_bo_test')
    );
end
$$;
grant bo_app, bo_public, bo_operator to bo_test with inherit false, set true;
alter role bo_owner createdb;

-- Inside the database, as superuser: extensions, and who may connect and look.
create extension if not exists btree_gist;
create extension if not exists pg_trgm;
create extension if not exists unaccent;

revoke all on schema public from public;
grant usage on schema public to bo_app, bo_public, bo_operator, bo_backup, sec_guard;

do $$
begin
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect, temporary on database %I to bo_owner', current_database());
    execute format('grant connect on database %I to bo_app, bo_public, bo_operator, bo_backup', current_database());
end
$$;

-- Roles with no more rights than they need, in the database that psql is connected to:
--   psql --file=scripts/roles.sql 'postgres://ADMIN@HOST/sectorwatch'
-- May be repeated. Passwords are set with \password, unless SECTORWATCH_ROLES_PASSWORD is set. The service's pools,
-- where they are not of the default sizes, are named with --set=ingest=N --set=read=N.
-- Roles belong to the whole server; nothing else outside of this database is touched.
\set ON_ERROR_STOP on
\getenv password SECTORWATCH_ROLES_PASSWORD
\if :{?ingest}
\else
\set ingest 4
\endif
\if :{?read}
\else
\set read 8
\endif

select format('create role %I login', role)
from unnest(array['sectorwatch_writer', 'sectorwatch_reader']) role
where not exists (select from pg_roles where rolname = role)
union all
select 'create role sectorwatch_analyst nologin'
where not exists (select from pg_roles where rolname = 'sectorwatch_analyst')
\gexec

-- Beside the pool, the writer has the lock, the audit, the probe, and one session to end what leaked; the
-- reader has a probe.
select format('alter role sectorwatch_writer connection limit %s', :ingest + 4),
       format('alter role sectorwatch_reader connection limit %s', :read + 1)
\gexec

-- The audit of sessions compares those of both roles: PostgreSQL shows what a session does, and ends
-- it, only for members of its role. The writer gains nothing else by it, for it owns what the reader sees.
-- For the same reason people are members of neither, but of sectorwatch_analyst.
grant sectorwatch_reader to sectorwatch_writer;

select format('revoke all on database %I from public, sectorwatch_writer, sectorwatch_reader, sectorwatch_analyst',
              current_database()),
       format('grant connect on database %I to sectorwatch_writer, sectorwatch_reader, sectorwatch_analyst',
              current_database())
\gexec
revoke all on schema public from public;
grant usage, create on schema public to sectorwatch_writer;
grant usage on schema public to sectorwatch_reader, sectorwatch_analyst;

-- Large objects are nobody's business here: whoever may make them can fill the disk.
select format('revoke execute on function %s from public', oid::regprocedure)
from pg_proc
where pronamespace = 'pg_catalog'::regnamespace
    and (proname ~ '^lo_' or proname in ('loread', 'lowrite'))
\gexec

-- What the writer makes from now on, the others may read; and what it made already, but for the list of
-- forgotten members.
alter default privileges for role sectorwatch_writer in schema public
    grant select on tables to sectorwatch_reader, sectorwatch_analyst;
grant select on all tables in schema public to sectorwatch_reader, sectorwatch_analyst;
select 'revoke all on forgotten_members from sectorwatch_reader, sectorwatch_analyst'
where to_regclass('public.forgotten_members') is not null
\gexec

-- In a container of its own (docker-compose.yml) both roles have this password, and the superuser has
-- none: it is reached on the container's own socket only.
\if :{?password}
alter role sectorwatch_writer password :'password';
alter role sectorwatch_reader password :'password';
alter role current_user password null;
\endif

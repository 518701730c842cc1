-- Creates roles with minimal rights, in the database that psql is connected to:
--   psql --file=scripts/roles.sql 'postgres://ADMIN@HOST/sectorwatch'
-- Can be repeated. Set passwords with \password, or with SECTORWATCH_ROLES_PASSWORD. If the service's pools do not have
-- the default sizes, pass the sizes with --set=ingest=N --set=read=N.
-- Roles belong to the whole server; nothing else outside of this database is changed.
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

-- Besides its pool, the writer has the lock, the audit, the probe, and one session to end leaked sessions; the
-- reader has a probe.
select format('alter role sectorwatch_writer connection limit %s', :ingest + 4),
       format('alter role sectorwatch_reader connection limit %s', :read + 1)
\gexec

-- The audit compares the sessions of both roles. Only members of a session's role can see what the session does, and
-- end it. The writer gains no other rights, because it owns the tables that the reader reads.
-- For the same reason, give people the role sectorwatch_analyst and neither of these two.
grant sectorwatch_reader to sectorwatch_writer;

select format('revoke all on database %I from public, sectorwatch_writer, sectorwatch_reader, sectorwatch_analyst',
              current_database()),
       format('grant connect on database %I to sectorwatch_writer, sectorwatch_reader, sectorwatch_analyst',
              current_database())
\gexec
revoke all on schema public from public;
grant usage, create on schema public to sectorwatch_writer;
grant usage on schema public to sectorwatch_reader, sectorwatch_analyst;

-- No role needs large objects, and a role that can create them can fill the disk.
select format('revoke execute on function %s from public', oid::regprocedure)
from pg_proc
where pronamespace = 'pg_catalog'::regnamespace
    and (proname ~ '^lo_' or proname in ('loread', 'lowrite'))
\gexec

-- The other roles can read the tables that the writer has created or will create, except the list of forgotten
-- members.
alter default privileges for role sectorwatch_writer in schema public
    grant select on tables to sectorwatch_reader, sectorwatch_analyst;
grant select on all tables in schema public to sectorwatch_reader, sectorwatch_analyst;
select 'revoke all on forgotten_members from sectorwatch_reader, sectorwatch_analyst'
where to_regclass('public.forgotten_members') is not null
\gexec

-- In a container (docker-compose.yml), all roles have this password, and Grafana has one of its own: it would use up the
-- connections of the service's reader. The superuser has none and is reachable only on the container's own socket.
\if :{?password}
select 'create role sectorwatch_grafana login in role sectorwatch_analyst'
where not exists (select from pg_roles where rolname = 'sectorwatch_grafana')
\gexec
alter role sectorwatch_grafana connection limit 5;
alter role sectorwatch_grafana set statement_timeout = '30s';
alter role sectorwatch_grafana password :'password';
alter role sectorwatch_writer password :'password';
alter role sectorwatch_reader password :'password';
alter role current_user password null;
\endif

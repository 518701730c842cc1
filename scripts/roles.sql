-- Two roles with no more rights than they need, in the database that psql is connected to:
--   psql --file=scripts/roles.sql 'postgres://ADMIN@HOST/sectorwatch'
-- May be repeated. Passwords are set with \password, unless SECTORWATCH_ROLES_PASSWORD is set.
\set ON_ERROR_STOP on
\getenv password SECTORWATCH_ROLES_PASSWORD

select format('create role %I login', role)
from unnest(array['sectorwatch_writer', 'sectorwatch_reader']) role
where not exists (select from pg_roles where rolname = role)
\gexec

-- The audit of sessions compares those of both roles: PostgreSQL shows what a session does, and ends
-- it, only for members of its role. The writer gains nothing else by it, for it owns what the reader sees.
grant sectorwatch_reader to sectorwatch_writer;

select format('revoke all on database %I from public', current_database()) as revoke,
       format('grant connect on database %I to sectorwatch_writer, sectorwatch_reader', current_database())
\gexec
revoke all on schema public from public;
grant usage, create on schema public to sectorwatch_writer;
grant usage on schema public to sectorwatch_reader;

-- What the writer makes from now on, the reader may read; and what it made already.
alter default privileges for role sectorwatch_writer in schema public grant select on tables to sectorwatch_reader;
grant select on all tables in schema public to sectorwatch_reader;

-- In a container of its own (docker-compose.yml) both roles have this password, and the superuser has
-- none: it is reached on the container's own socket only.
\if :{?password}
alter role sectorwatch_writer password :'password';
alter role sectorwatch_reader password :'password';
alter role current_user password null;
\endif

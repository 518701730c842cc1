-- Who asked to be forgotten: known by a keyed digest alone, whose key is not in the database.
create table forgotten_members (
    digest bytea primary key,
    forgotten_at timestamptz not null default now(),
    constraint forgotten_members_digest check (octet_length(digest) = 32)
);

comment on column forgotten_members.digest is 'HMAC-SHA256 of the member id in decimal digits.';

-- Not even how many they are, and since when, is for others than the writer.
do $$
declare
    whoever text;
begin
    for whoever in
        select distinct case acl.grantee when 0 then 'public' else acl.grantee::regrole::text end
        from pg_class, aclexplode(relacl) acl
        where oid = 'forgotten_members'::regclass and acl.grantee <> relowner
    loop
        execute format('revoke all on forgotten_members from %s', whoever);
    end loop;
end $$;

alter table collector_state
    add column forget_revision bigint not null default 0,
    add column forget_key_check bytea;

comment on column collector_state.forget_revision is 'Grows whenever a member is forgotten or allowed again: who writes must know the newest.';
comment on column collector_state.forget_key_check is 'HMAC-SHA256 of the word sectorwatch: tells whether a key is that of the digests.';

-- By it retention finds flights that may be old. It never changes, so that updates stay HOT.
create index flights_first_seen on flights using brin (first_seen);

-- The manifest of a revision: which repositories its changelogs and advisories are in.
create table manifest_text (
  project_id uuid not null references project (id) on delete cascade,
  revision text not null,
  body text not null,
  primary key (project_id, revision)
);

-- What repositories say about changes, by digest of both states: read once, and kept though the mirror forgets it.
create table change_text (
  digest text primary key,
  body jsonb not null,
  at timestamptz not null default now()
);

-- Times come from the database. Text ids are made by the service, and by nothing else.
create table token (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  sha256 text not null unique,
  scopes text[] not null,
  project_id uuid,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);

create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor text not null,
  action text not null,
  subject text not null,
  data jsonb not null default '{}'
);

create table project (
  id uuid primary key default gen_random_uuid(),
  name text not null unique,
  clone_url text not null,
  branch text not null,
  manifest text not null,
  lockfiles text not null,
  forge text not null,
  credentials_ref text,
  settings jsonb not null default '{}',
  created_at timestamptz not null default now(),
  paused_at timestamptz,
  revision text,
  state text not null default 'new',
  state_text text not null default '',
  checked_at timestamptz
);

create table schedule (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null references project (id) on delete cascade,
  kind text not null,
  cron text not null,
  time_zone text not null,
  enabled boolean not null default true,
  next_run_at timestamptz,
  last_job_id uuid,
  unique (project_id, kind)
);
create index schedule_due on schedule (next_run_at) where enabled;

create table job (
  id uuid primary key default gen_random_uuid(),
  kind text not null,
  project_id uuid references project (id) on delete cascade,
  dedupe_key text,
  payload jsonb not null default '{}',
  state text not null default 'queued' check (state in ('queued', 'running', 'succeeded', 'failed', 'dead', 'cancelled')),
  attempt int not null default 0,
  max_attempts int not null,
  worker text,
  cancel_requested_at timestamptz,
  progress jsonb not null default '{}',
  result jsonb,
  error jsonb,
  created_by text not null,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz
);
create unique index job_dedupe on job (dedupe_key) where state = 'queued';
create unique index job_alone on job (project_id) where state = 'running';
create index job_project on job (project_id, created_at desc);
create index job_state on job (state, created_at);

create table attempt (
  job_id uuid not null references job (id) on delete cascade,
  attempt int not null,
  worker text not null,
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  outcome text check (outcome in ('succeeded', 'failed', 'lost', 'cancelled', 'given back')),
  primary key (job_id, attempt)
);

create table event (
  id bigint generated always as identity primary key,
  job_id uuid not null references job (id) on delete cascade,
  attempt int not null,
  at timestamptz not null default now(),
  kind text not null,
  data jsonb not null
);
create index event_job on event (job_id, id);

create table effect (
  key text primary key,
  job_id uuid not null references job (id) on delete cascade,
  attempt int not null,
  answer jsonb,
  at timestamptz not null default now()
);

create table lock_body (
  digest text primary key,
  body jsonb not null
);

create table lock (
  project_id uuid not null references project (id) on delete cascade,
  revision text not null,
  package_set text not null,
  architecture text not null,
  digest text not null references lock_body (digest),
  seen_at timestamptz not null default now(),
  committed_at timestamptz,
  primary key (project_id, revision, package_set, architecture)
);

create table locked_package (
  project_id uuid not null references project (id) on delete cascade,
  package_set text not null,
  architecture text not null,
  name text not null,
  epoch text not null,
  version text not null,
  release text not null,
  arch text not null,
  source text
);
create index locked_package_name on locked_package (name, project_id);

create table delivery (
  forge text not null,
  id text not null,
  at timestamptz not null default now(),
  primary key (forge, id)
);

create table idempotency (
  key text not null,
  actor text not null,
  request_sha256 text not null,
  status int,
  body jsonb,
  at timestamptz not null default now(),
  primary key (key, actor)
);

create table session (
  sha256 text primary key,
  token_id uuid references token (id) on delete cascade,
  name text not null,
  scopes text[] not null,
  csrf text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);

-- Logins with OpenID Connect that were begun: what the provider has to send back.
create table login (
  sha256 text primary key,
  data jsonb not null,
  expires_at timestamptz not null
);

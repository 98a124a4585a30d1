-- Files that the manifest of a revision includes, as JSON; null where none were kept. Text, because jsonb has no U+0000.
alter table manifest_text add column included text;

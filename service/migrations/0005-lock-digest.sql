-- To find the bodies that no lock names any more.
create index lock_digest on lock (digest);

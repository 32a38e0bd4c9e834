/** Every statement can run again at any time, in many processes at once. */
export const schema: readonly string[] = [
  'pragma journal_mode = wal',
  `create table if not exists threads (
    scope text not null, id text not null, position text not null, body text not null,
    primary key (scope, id)
  ) strict`,
  'create unique index if not exists threads_in_order on threads (scope, position)',
  `create table if not exists deleted_threads (
    scope text not null, id text not null, position text not null, deleted_at integer not null,
    primary key (scope, id)
  ) strict`,
  `create table if not exists items (
    scope text not null, thread_id text not null, id text not null,
    position text not null, body text not null, deleted_at integer,
    primary key (scope, thread_id, id),
    foreign key (scope, thread_id) references threads (scope, id) on delete cascade
  ) strict`,
  'create index if not exists items_in_order on items (scope, thread_id, position)',
  `create table if not exists attachments (
    scope text not null, id text not null, position text not null, body text not null,
    state text not null, revision integer not null, due text, thread_id text,
    primary key (scope, id)
  ) strict`,
  'create index if not exists attachments_in_order on attachments (scope, position)',
  'create index if not exists attachments_of_thread on attachments (scope, thread_id)',
  'create index if not exists attachments_due on attachments (due) where due is not null',
  // #region deleted
  `create trigger if not exists thread_deleted after delete on threads begin
    insert or replace into deleted_threads values (old.scope, old.id, old.position, unixepoch());
    delete from deleted_threads where scope = old.scope and deleted_at < unixepoch() - 86400;
  end`,
  // #endregion
  `create trigger if not exists item_deleted after update of deleted_at on items when new.deleted_at is not null begin
    delete from items where scope = new.scope and thread_id = new.thread_id and deleted_at < unixepoch() - 86400;
  end`,
]

PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "_migrate_log" (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  deed TEXT NOT NULL,
  crate TEXT NOT NULL,
  revision TEXT NOT NULL,
  actor TEXT NOT NULL,
  tool_version TEXT NOT NULL,
  duration_ms INTEGER,
  detail TEXT
);
INSERT INTO _migrate_log VALUES(1,'2026-11-28T09:04:59.144Z','up','runtime','001','','migrate 0.1.0',0,NULL);
INSERT INTO _migrate_log VALUES(2,'2026-11-28T09:04:59.144Z','up','runtime','002','','migrate 0.1.0',0,NULL);
INSERT INTO _migrate_log VALUES(3,'2026-11-28T09:04:59.369Z','failure','runtime','003','','migrate 0.1.0',NULL,'duplicate column name: title (1)');
CREATE TABLE IF NOT EXISTS "_migrate_history" (
  crate TEXT NOT NULL,
  revision TEXT NOT NULL,
  kind TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  description TEXT NOT NULL,
  checksum TEXT,
  checksum_algorithm TEXT,
  sql_up TEXT,
  sql_down TEXT,
  undone_by TEXT,
  waivers TEXT,
  state TEXT NOT NULL,
  statements_done INTEGER NOT NULL,
  statements_total INTEGER NOT NULL,
  journal TEXT,
  data_cursor TEXT,
  rows_done INTEGER,
  started_at TEXT NOT NULL,
  finished_at TEXT,
  duration_ms INTEGER,
  applied_by TEXT NOT NULL,
  tool_version TEXT NOT NULL,
  layout INTEGER NOT NULL,
  PRIMARY KEY (crate, revision),
  UNIQUE (sequence)
);
INSERT INTO _migrate_history VALUES('runtime','001','schema',1,'','1a34ae6e28f8e46623b122bef95b20a0a68508fde7022fba33ddc036e9f13b43','sha256-tokens-1','CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL)','DROP TABLE authors','sql',NULL,'applied',1,1,NULL,NULL,NULL,'2026-11-28T09:04:59.144Z','2026-11-28T09:04:59.144Z',0,'','migrate 0.1.0',1);
INSERT INTO _migrate_history VALUES('runtime','002','schema',2,'','1c9a28fdd60ab01f467280e278c088ff5ad6eb6370fd5656c59338f262292b72','sha256-tokens-1','CREATE TABLE books (id INTEGER PRIMARY KEY, price INT NOT NULL); INSERT INTO books VALUES (1, 100), (2, 200)','DROP TABLE books','sql','mixed: rows and schema must not get out of step','applied',2,2,NULL,NULL,NULL,'2026-11-28T09:04:59.144Z','2026-11-28T09:04:59.144Z',0,'','migrate 0.1.0',1);
INSERT INTO _migrate_history VALUES('runtime','003','schema',3,'','69fc9b0221c98612cb869ed3b10c66f9a1c06d36911dab8040a4376866eea860','sha256-tokens-1','UPDATE books SET price = price + 10; VACUUM; ALTER TABLE books ADD COLUMN title TEXT','ALTER TABLE books DROP COLUMN title','sql','mixed: rows and schema must not get out of step','failed',2,3,'66ef5b3bff4fcb6d 88be15250cc4d922 63b309c2ce02a1d8!',NULL,NULL,'2026-11-28T09:04:59.252Z','2026-11-28T09:04:59.360Z',NULL,'','migrate 0.1.0',1);
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE books (id INTEGER PRIMARY KEY, price INT NOT NULL);
INSERT INTO books VALUES(1,110);
INSERT INTO books VALUES(2,210);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('_migrate_log',3);
COMMIT;

SET foreign_key_checks = 0;
DROP TABLE IF EXISTS `_migrate_history`;
CREATE TABLE `_migrate_history` (
  `crate` varchar(255) NOT NULL,
  `revision` varchar(255) NOT NULL,
  `kind` varchar(64) NOT NULL,
  `sequence` bigint(20) NOT NULL,
  `description` longtext NOT NULL,
  `checksum` longtext DEFAULT NULL,
  `checksum_algorithm` longtext DEFAULT NULL,
  `sql_up` longtext DEFAULT NULL,
  `sql_down` longtext DEFAULT NULL,
  `undone_by` longtext DEFAULT NULL,
  `waivers` longtext DEFAULT NULL,
  `state` varchar(64) NOT NULL,
  `statements_done` bigint(20) NOT NULL,
  `statements_total` bigint(20) NOT NULL,
  `journal` longtext DEFAULT NULL,
  `data_cursor` longtext DEFAULT NULL,
  `rows_done` bigint(20) DEFAULT NULL,
  `started_at` datetime(6) NOT NULL,
  `finished_at` datetime(6) DEFAULT NULL,
  `duration_ms` bigint(20) DEFAULT NULL,
  `applied_by` longtext NOT NULL,
  `tool_version` varchar(64) NOT NULL,
  `layout` bigint(20) NOT NULL,
  PRIMARY KEY (`crate`,`revision`),
  UNIQUE KEY `sequence` (`sequence`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
LOCK TABLES `_migrate_history` WRITE;
INSERT INTO `_migrate_history` VALUES
('runtime','001','schema',1,'','95974c154dde5ac1017a3922da39afffc302b8077e897ff168663fd9107398e9','sha256-tokens-1','CREATE TABLE authors (id BIGINT PRIMARY KEY, name VARCHAR(40) NOT NULL)','DROP TABLE authors','sql',NULL,'applied',1,1,NULL,NULL,NULL,'2026-11-28 09:04:41.417306','2026-11-28 09:04:41.467801',50,'tester','migrate 0.1.0',1),
('runtime','002','schema',2,'','15aee72447bf06340a5351ff146c100f1e00a4be6243a1f6a805af11cb3474fc','sha256-tokens-1','CREATE TABLE books (id BIGINT PRIMARY KEY, price INT NOT NULL);\n             INSERT INTO books VALUES (1, 100), (2, 200);\n             ALTER TABLE books ADD COLUMN title VARCHAR(40);\n             UPDATE books SET price = price + 10;\n             CREATE INDEX books_title ON books (title)','DROP TABLE books','sql','mixed: rows and schema must not get out of step','failed',1,5,'31b5fe6497389cdb 8ebd4e9d11c389c6!',NULL,NULL,'2026-11-28 09:04:41.468488','2026-11-28 09:04:41.669576',NULL,'tester','migrate 0.1.0',1);
UNLOCK TABLES;
DROP TABLE IF EXISTS `_migrate_log`;
CREATE TABLE `_migrate_log` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT,
  `at` datetime(6) NOT NULL,
  `deed` varchar(64) NOT NULL,
  `crate` varchar(255) NOT NULL,
  `revision` varchar(255) NOT NULL,
  `actor` longtext NOT NULL,
  `tool_version` varchar(64) NOT NULL,
  `duration_ms` bigint(20) DEFAULT NULL,
  `detail` longtext DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=3 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
LOCK TABLES `_migrate_log` WRITE;
INSERT INTO `_migrate_log` VALUES
(1,'2026-11-28 09:04:41.468127','up','runtime','001','tester','migrate 0.1.0',50,NULL),
(2,'2026-11-28 09:04:41.669891','failure','runtime','002','tester','migrate 0.1.0',NULL,'Column count doesn\'t match value count at row 1 (21S01, error 1136)');
UNLOCK TABLES;
DROP TABLE IF EXISTS `authors`;
CREATE TABLE `authors` (
  `id` bigint(20) NOT NULL,
  `name` varchar(40) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
LOCK TABLES `authors` WRITE;
UNLOCK TABLES;
DROP TABLE IF EXISTS `books`;
CREATE TABLE `books` (
  `id` bigint(20) NOT NULL,
  `price` int(11) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
LOCK TABLES `books` WRITE;
UNLOCK TABLES;

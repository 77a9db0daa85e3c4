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
('runtime','001','schema',1,'','95974c154dde5ac1017a3922da39afffc302b8077e897ff168663fd9107398e9','sha256-tokens-1','CREATE TABLE authors (id BIGINT PRIMARY KEY, name VARCHAR(40) NOT NULL)','DROP TABLE authors','sql',NULL,'applied',1,1,NULL,NULL,NULL,'2026-11-28 03:58:44.810757','2026-11-28 03:58:44.812453',1,'tester','migrate 0.1.0',1),
('runtime','002','schema',2,'','a6b4a5ccba05d4f5b431c687bf25af7ffe1bc56d1e0de8c79ccbacc0ff13d671','sha256-tokens-1','CREATE TABLE books (id BIGINT PRIMARY KEY, author BIGINT NOT NULL, title VARCHAR(40), price INT NOT NULL);\n         CREATE INDEX books_title ON books (title);\n         ALTER TABLE books ADD CONSTRAINT books_author FOREIGN KEY (author) REFERENCES authors (id)','ALTER TABLE books DROP FOREIGN KEY books_author; DROP INDEX books_title ON books; DROP TABLE books','sql',NULL,'applied',3,3,NULL,NULL,NULL,'2026-11-28 03:58:44.812939','2026-11-28 03:58:44.821299',8,'tester','migrate 0.1.0',1),
('runtime','003','data',3,'','c84557ec5ecb486d566afe19b5c8777b12557af54ccf98a00c84e73a75c44da4','sha256-tokens-1','INSERT INTO authors (id, name) VALUES (1, \'Ada\'), (2, \'Bob\');\n    INSERT INTO books (id, author, title, price) VALUES (1, 1, \'One\', 100), (2, 1, \'Two\', 200), (3, 2, \'Three\', 300);\n    UPDATE books SET price = price + 10 WHERE author = 1','DELETE FROM books; DELETE FROM authors','sql',NULL,'applied',3,3,NULL,NULL,NULL,'2026-11-28 03:58:44.821653','2026-11-28 03:58:44.822476',0,'tester','migrate 0.1.0',1),
('runtime','004','schema',4,'','8e3bfe0e871cdc64dadc38f38a428c7ee8b9b47cef126bd41ce7df7cb675b9c1','sha256-tokens-1','ALTER TABLE books ADD COLUMN isbn VARCHAR(20);\n         ALTER TABLE books MODIFY COLUMN title VARCHAR(120) NOT NULL;\n         ALTER TABLE books RENAME COLUMN price TO cents;\n         ALTER TABLE books ADD COLUMN shelf INT NOT NULL DEFAULT 7, ADD COLUMN lent DATE;\n         CREATE UNIQUE INDEX books_isbn ON books (isbn);\n         CREATE TABLE scratch (id BIGINT PRIMARY KEY);\n         RENAME TABLE authors TO writers;\n         DROP INDEX books_title ON books;\n         ALTER TABLE books DROP COLUMN lent;\n         DROP TABLE scratch;\n         ALTER TABLE writers ALTER COLUMN name SET DEFAULT \'nobody\'','ALTER TABLE writers ALTER COLUMN name DROP DEFAULT;\n         CREATE INDEX books_title ON books (title);\n         RENAME TABLE writers TO authors;\n         DROP INDEX books_isbn ON books;\n         ALTER TABLE books DROP COLUMN shelf;\n         ALTER TABLE books RENAME COLUMN cents TO price;\n         ALTER TABLE books MODIFY COLUMN title VARCHAR(40);\n         ALTER TABLE books DROP COLUMN isbn','sql',NULL,'reverting',4,8,'558d04bd98f40085 ea30f3f5d9f8f35d ac349c8f6a469132 9c9624601d621ad7 ee062e10cb409c98',NULL,NULL,'2026-11-28 03:58:45.007000','2026-11-28 03:58:44.849126',26,'tester','migrate 0.1.0',1);
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
) ENGINE=InnoDB AUTO_INCREMENT=19 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
LOCK TABLES `_migrate_log` WRITE;
INSERT INTO `_migrate_log` VALUES
(1,'2026-11-28 03:58:44.812648','up','runtime','001','tester','migrate 0.1.0',1,NULL),
(2,'2026-11-28 03:58:44.821438','up','runtime','002','tester','migrate 0.1.0',8,NULL),
(3,'2026-11-28 03:58:44.822566','up','runtime','003','tester','migrate 0.1.0',0,NULL),
(4,'2026-11-28 03:58:44.849276','up','runtime','004','tester','migrate 0.1.0',26,NULL),
(5,'2026-11-28 03:58:44.857624','up','runtime','005','tester','migrate 0.1.0',8,NULL),
(6,'2026-11-28 03:58:44.877924','up','runtime','006','tester','migrate 0.1.0',14,NULL),
(7,'2026-11-28 03:58:44.895368','up','runtime','007','tester','migrate 0.1.0',11,NULL),
(8,'2026-11-28 03:58:44.902935','up','runtime','008','tester','migrate 0.1.0',1,NULL),
(9,'2026-11-28 03:58:44.915812','up','runtime','101','tester','migrate 0.1.0',6,NULL),
(10,'2026-11-28 03:58:44.921342','up','runtime','102','tester','migrate 0.1.0',5,NULL),
(11,'2026-11-28 03:58:44.927051','up','runtime','103','tester','migrate 0.1.0',5,NULL),
(12,'2026-11-28 03:58:44.945297','down','runtime','103','tester','migrate 0.1.0',6,NULL),
(13,'2026-11-28 03:58:44.951413','down','runtime','102','tester','migrate 0.1.0',5,NULL),
(14,'2026-11-28 03:58:44.957863','down','runtime','101','tester','migrate 0.1.0',5,NULL),
(15,'2026-11-28 03:58:44.964966','down','runtime','008','tester','migrate 0.1.0',0,NULL),
(16,'2026-11-28 03:58:44.981328','down','runtime','007','tester','migrate 0.1.0',10,NULL),
(17,'2026-11-28 03:58:44.992754','down','runtime','006','tester','migrate 0.1.0',6,NULL),
(18,'2026-11-28 03:58:45.006686','down','runtime','005','tester','migrate 0.1.0',8,NULL);
UNLOCK TABLES;
DROP TABLE IF EXISTS `authors`;
CREATE TABLE `authors` (
  `id` bigint(20) NOT NULL,
  `name` varchar(40) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
LOCK TABLES `authors` WRITE;
INSERT INTO `authors` VALUES
(1,'Ada'),
(2,'Bob');
UNLOCK TABLES;
DROP TABLE IF EXISTS `books`;
CREATE TABLE `books` (
  `id` bigint(20) NOT NULL,
  `author` bigint(20) NOT NULL,
  `title` varchar(120) NOT NULL,
  `cents` int(11) NOT NULL,
  `isbn` varchar(20) DEFAULT NULL,
  `shelf` int(11) NOT NULL DEFAULT 7,
  PRIMARY KEY (`id`),
  KEY `books_author` (`author`),
  KEY `books_title` (`title`),
  CONSTRAINT `books_author` FOREIGN KEY (`author`) REFERENCES `authors` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
LOCK TABLES `books` WRITE;
INSERT INTO `books` VALUES
(1,1,'One',110,NULL,7),
(2,1,'Two',210,NULL,7),
(3,2,'Three',300,NULL,7);
UNLOCK TABLES;

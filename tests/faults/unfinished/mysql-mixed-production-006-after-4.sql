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
('runtime','001','schema',1,'','95974c154dde5ac1017a3922da39afffc302b8077e897ff168663fd9107398e9','sha256-tokens-1','CREATE TABLE authors (id BIGINT PRIMARY KEY, name VARCHAR(40) NOT NULL)','DROP TABLE authors','sql',NULL,'applied',1,1,NULL,NULL,NULL,'2026-11-28 03:58:44.372954','2026-11-28 03:58:44.375399',2,'tester','migrate 0.1.0',1),
('runtime','002','schema',2,'','a6b4a5ccba05d4f5b431c687bf25af7ffe1bc56d1e0de8c79ccbacc0ff13d671','sha256-tokens-1','CREATE TABLE books (id BIGINT PRIMARY KEY, author BIGINT NOT NULL, title VARCHAR(40), price INT NOT NULL);\n         CREATE INDEX books_title ON books (title);\n         ALTER TABLE books ADD CONSTRAINT books_author FOREIGN KEY (author) REFERENCES authors (id)','ALTER TABLE books DROP FOREIGN KEY books_author; DROP INDEX books_title ON books; DROP TABLE books','sql',NULL,'applied',3,3,NULL,NULL,NULL,'2026-11-28 03:58:44.376275','2026-11-28 03:58:44.387067',10,'tester','migrate 0.1.0',1),
('runtime','003','data',3,'','c84557ec5ecb486d566afe19b5c8777b12557af54ccf98a00c84e73a75c44da4','sha256-tokens-1','INSERT INTO authors (id, name) VALUES (1, \'Ada\'), (2, \'Bob\');\n    INSERT INTO books (id, author, title, price) VALUES (1, 1, \'One\', 100), (2, 1, \'Two\', 200), (3, 2, \'Three\', 300);\n    UPDATE books SET price = price + 10 WHERE author = 1','DELETE FROM books; DELETE FROM authors','sql',NULL,'applied',3,3,NULL,NULL,NULL,'2026-11-28 03:58:44.387473','2026-11-28 03:58:44.388153',0,'tester','migrate 0.1.0',1),
('runtime','004','schema',4,'','8e3bfe0e871cdc64dadc38f38a428c7ee8b9b47cef126bd41ce7df7cb675b9c1','sha256-tokens-1','ALTER TABLE books ADD COLUMN isbn VARCHAR(20);\n         ALTER TABLE books MODIFY COLUMN title VARCHAR(120) NOT NULL;\n         ALTER TABLE books RENAME COLUMN price TO cents;\n         ALTER TABLE books ADD COLUMN shelf INT NOT NULL DEFAULT 7, ADD COLUMN lent DATE;\n         CREATE UNIQUE INDEX books_isbn ON books (isbn);\n         CREATE TABLE scratch (id BIGINT PRIMARY KEY);\n         RENAME TABLE authors TO writers;\n         DROP INDEX books_title ON books;\n         ALTER TABLE books DROP COLUMN lent;\n         DROP TABLE scratch;\n         ALTER TABLE writers ALTER COLUMN name SET DEFAULT \'nobody\'','ALTER TABLE writers ALTER COLUMN name DROP DEFAULT;\n         CREATE INDEX books_title ON books (title);\n         RENAME TABLE writers TO authors;\n         DROP INDEX books_isbn ON books;\n         ALTER TABLE books DROP COLUMN shelf;\n         ALTER TABLE books RENAME COLUMN cents TO price;\n         ALTER TABLE books MODIFY COLUMN title VARCHAR(40);\n         ALTER TABLE books DROP COLUMN isbn','sql',NULL,'applied',11,11,NULL,NULL,NULL,'2026-11-28 03:58:44.388400','2026-11-28 03:58:44.419598',31,'tester','migrate 0.1.0',1),
('runtime','005','schema',5,'','088a151dc146acb5ed7c0072e8595b05b2f7e106f85288d27a5085e51d72f1df','sha256-tokens-1','ALTER TABLE writers ADD COLUMN written INT NOT NULL DEFAULT 0;\n         UPDATE writers SET written = written + 1;\n         INSERT INTO books (id, author, title, cents) VALUES (4, 2, \'Four\', 400);\n         ALTER TABLE writers ADD COLUMN born DATE;\n         UPDATE books SET cents = cents * 2;\n         UPDATE writers SET written = written + 10;\n         DROP INDEX books_isbn ON books;\n         UPDATE books SET cents = cents + 5','UPDATE books SET cents = cents - 5;\n         CREATE UNIQUE INDEX books_isbn ON books (isbn);\n         UPDATE books SET cents = cents / 2;\n         ALTER TABLE writers DROP COLUMN born;\n         DELETE FROM books WHERE id = 4;\n         ALTER TABLE writers DROP COLUMN written','sql','mixed: rows and schema must not get out of step','applied',8,8,NULL,NULL,NULL,'2026-11-28 03:58:44.420197','2026-11-28 03:58:44.427897',7,'tester','migrate 0.1.0',1),
('runtime','006','schema',6,'',NULL,NULL,NULL,NULL,'code','mixed: it counts what it tags','started',4,0,' 946da2d519763b82=0 0282d3ca5a163285=1 2709ac5005ca62d1=1 cc5478385197bc11=1',NULL,NULL,'2026-11-28 03:58:44.445209',NULL,NULL,'tester','migrate 0.1.0',1);
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
) ENGINE=InnoDB AUTO_INCREMENT=6 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
LOCK TABLES `_migrate_log` WRITE;
INSERT INTO `_migrate_log` VALUES
(1,'2026-11-28 03:58:44.375743','up','runtime','001','tester','migrate 0.1.0',2,NULL),
(2,'2026-11-28 03:58:44.387234','up','runtime','002','tester','migrate 0.1.0',10,NULL),
(3,'2026-11-28 03:58:44.388242','up','runtime','003','tester','migrate 0.1.0',0,NULL),
(4,'2026-11-28 03:58:44.419786','up','runtime','004','tester','migrate 0.1.0',31,NULL),
(5,'2026-11-28 03:58:44.427989','up','runtime','005','tester','migrate 0.1.0',7,NULL);
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
  CONSTRAINT `books_author` FOREIGN KEY (`author`) REFERENCES `writers` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
LOCK TABLES `books` WRITE;
INSERT INTO `books` VALUES
(1,1,'One',225,NULL,7),
(2,1,'Two',425,NULL,7),
(3,2,'Three',605,NULL,7),
(4,2,'Four',805,NULL,7);
UNLOCK TABLES;
DROP TABLE IF EXISTS `tags`;
CREATE TABLE `tags` (
  `id` bigint(20) NOT NULL,
  `book` bigint(20) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
LOCK TABLES `tags` WRITE;
INSERT INTO `tags` VALUES
(1,1),
(2,2),
(3,3);
UNLOCK TABLES;
DROP TABLE IF EXISTS `writers`;
CREATE TABLE `writers` (
  `id` bigint(20) NOT NULL,
  `name` varchar(40) NOT NULL DEFAULT 'nobody',
  `written` int(11) NOT NULL DEFAULT 0,
  `born` date DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
LOCK TABLES `writers` WRITE;
INSERT INTO `writers` VALUES
(1,'Ada',11,NULL),
(2,'Bob',11,NULL);
UNLOCK TABLES;

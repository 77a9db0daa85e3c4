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
('runtime','001','schema',1,'','95974c154dde5ac1017a3922da39afffc302b8077e897ff168663fd9107398e9','sha256-tokens-1','CREATE TABLE authors (id BIGINT PRIMARY KEY, name VARCHAR(40) NOT NULL)','DROP TABLE authors','sql',NULL,'applied',1,1,NULL,NULL,NULL,'2026-11-28 03:58:44.626793','2026-11-28 03:58:44.628377',1,'tester','migrate 0.1.0',1),
('runtime','002','schema',2,'','a6b4a5ccba05d4f5b431c687bf25af7ffe1bc56d1e0de8c79ccbacc0ff13d671','sha256-tokens-1','CREATE TABLE books (id BIGINT PRIMARY KEY, author BIGINT NOT NULL, title VARCHAR(40), price INT NOT NULL);\n         CREATE INDEX books_title ON books (title);\n         ALTER TABLE books ADD CONSTRAINT books_author FOREIGN KEY (author) REFERENCES authors (id)','ALTER TABLE books DROP FOREIGN KEY books_author; DROP INDEX books_title ON books; DROP TABLE books','sql',NULL,'applied',3,3,NULL,NULL,NULL,'2026-11-28 03:58:44.628881','2026-11-28 03:58:44.637974',9,'tester','migrate 0.1.0',1),
('runtime','003','data',3,'','c84557ec5ecb486d566afe19b5c8777b12557af54ccf98a00c84e73a75c44da4','sha256-tokens-1','INSERT INTO authors (id, name) VALUES (1, \'Ada\'), (2, \'Bob\');\n    INSERT INTO books (id, author, title, price) VALUES (1, 1, \'One\', 100), (2, 1, \'Two\', 200), (3, 2, \'Three\', 300);\n    UPDATE books SET price = price + 10 WHERE author = 1','DELETE FROM books; DELETE FROM authors','sql',NULL,'applied',3,3,NULL,NULL,NULL,'2026-11-28 03:58:44.638346','2026-11-28 03:58:44.638915',0,'tester','migrate 0.1.0',1),
('runtime','004','schema',4,'','8e3bfe0e871cdc64dadc38f38a428c7ee8b9b47cef126bd41ce7df7cb675b9c1','sha256-tokens-1','ALTER TABLE books ADD COLUMN isbn VARCHAR(20);\n         ALTER TABLE books MODIFY COLUMN title VARCHAR(120) NOT NULL;\n         ALTER TABLE books RENAME COLUMN price TO cents;\n         ALTER TABLE books ADD COLUMN shelf INT NOT NULL DEFAULT 7, ADD COLUMN lent DATE;\n         CREATE UNIQUE INDEX books_isbn ON books (isbn);\n         CREATE TABLE scratch (id BIGINT PRIMARY KEY);\n         RENAME TABLE authors TO writers;\n         DROP INDEX books_title ON books;\n         ALTER TABLE books DROP COLUMN lent;\n         DROP TABLE scratch;\n         ALTER TABLE writers ALTER COLUMN name SET DEFAULT \'nobody\'','ALTER TABLE writers ALTER COLUMN name DROP DEFAULT;\n         CREATE INDEX books_title ON books (title);\n         RENAME TABLE writers TO authors;\n         DROP INDEX books_isbn ON books;\n         ALTER TABLE books DROP COLUMN shelf;\n         ALTER TABLE books RENAME COLUMN cents TO price;\n         ALTER TABLE books MODIFY COLUMN title VARCHAR(40);\n         ALTER TABLE books DROP COLUMN isbn','sql',NULL,'applied',11,11,NULL,NULL,NULL,'2026-11-28 03:58:44.639170','2026-11-28 03:58:44.664275',25,'tester','migrate 0.1.0',1),
('runtime','005','schema',5,'','088a151dc146acb5ed7c0072e8595b05b2f7e106f85288d27a5085e51d72f1df','sha256-tokens-1','ALTER TABLE writers ADD COLUMN written INT NOT NULL DEFAULT 0;\n         UPDATE writers SET written = written + 1;\n         INSERT INTO books (id, author, title, cents) VALUES (4, 2, \'Four\', 400);\n         ALTER TABLE writers ADD COLUMN born DATE;\n         UPDATE books SET cents = cents * 2;\n         UPDATE writers SET written = written + 10;\n         DROP INDEX books_isbn ON books;\n         UPDATE books SET cents = cents + 5','UPDATE books SET cents = cents - 5;\n         CREATE UNIQUE INDEX books_isbn ON books (isbn);\n         UPDATE books SET cents = cents / 2;\n         ALTER TABLE writers DROP COLUMN born;\n         DELETE FROM books WHERE id = 4;\n         ALTER TABLE writers DROP COLUMN written','sql','mixed: rows and schema must not get out of step','applied',8,8,NULL,NULL,NULL,'2026-11-28 03:58:44.664823','2026-11-28 03:58:44.672312',7,'tester','migrate 0.1.0',1),
('runtime','006','schema',6,'',NULL,NULL,NULL,NULL,'code','mixed: it counts what it tags','applied',0,0,NULL,NULL,NULL,'2026-11-28 03:58:44.678055','2026-11-28 03:58:44.692302',14,'tester','migrate 0.1.0',1),
('runtime','007','schema',7,'','d5ca367e5e1c608f4984bf9a1727baf416f4a527c0f67c9999d873b3db0b011d','sha256-tokens-1','CREATE VIEW cheap AS SELECT id, title FROM books WHERE cents < 500;\n         CREATE TRIGGER count_books BEFORE UPDATE ON writers FOR EACH ROW BEGIN\n           SET NEW.written = NEW.written + 1;\n           SET NEW.name = trim(NEW.name);\n         END;\n         CREATE PROCEDURE lend(book BIGINT) BEGIN\n           UPDATE books SET shelf = 0 WHERE id = book;\n           SELECT count(*) FROM books;\n         END;\n         CREATE OR REPLACE VIEW cheap AS SELECT id, title, cents FROM books WHERE cents < 600','DROP VIEW cheap; DROP PROCEDURE lend; DROP TRIGGER count_books','sql',NULL,'reverting',1,3,'154850c2ba32d900 26b67776464eed7f',NULL,NULL,'2026-11-28 03:58:44.749509','2026-11-28 03:58:44.706603',8,'tester','migrate 0.1.0',1);
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
) ENGINE=InnoDB AUTO_INCREMENT=16 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
LOCK TABLES `_migrate_log` WRITE;
INSERT INTO `_migrate_log` VALUES
(1,'2026-11-28 03:58:44.628578','up','runtime','001','tester','migrate 0.1.0',1,NULL),
(2,'2026-11-28 03:58:44.638128','up','runtime','002','tester','migrate 0.1.0',9,NULL),
(3,'2026-11-28 03:58:44.638994','up','runtime','003','tester','migrate 0.1.0',0,NULL),
(4,'2026-11-28 03:58:44.664572','up','runtime','004','tester','migrate 0.1.0',25,NULL),
(5,'2026-11-28 03:58:44.672399','up','runtime','005','tester','migrate 0.1.0',7,NULL),
(6,'2026-11-28 03:58:44.692448','up','runtime','006','tester','migrate 0.1.0',14,NULL),
(7,'2026-11-28 03:58:44.706743','up','runtime','007','tester','migrate 0.1.0',8,NULL),
(8,'2026-11-28 03:58:44.713222','up','runtime','008','tester','migrate 0.1.0',1,NULL),
(9,'2026-11-28 03:58:44.720529','up','runtime','101','tester','migrate 0.1.0',2,NULL),
(10,'2026-11-28 03:58:44.722504','up','runtime','102','tester','migrate 0.1.0',1,NULL),
(11,'2026-11-28 03:58:44.724248','up','runtime','103','tester','migrate 0.1.0',1,NULL),
(12,'2026-11-28 03:58:44.735316','down','runtime','103','tester','migrate 0.1.0',1,NULL),
(13,'2026-11-28 03:58:44.737237','down','runtime','102','tester','migrate 0.1.0',1,NULL),
(14,'2026-11-28 03:58:44.738755','down','runtime','101','tester','migrate 0.1.0',1,NULL),
(15,'2026-11-28 03:58:44.744815','down','runtime','008','tester','migrate 0.1.0',0,NULL);
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
  PRIMARY KEY (`id`),
  KEY `tags_book` (`book`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
LOCK TABLES `tags` WRITE;
INSERT INTO `tags` VALUES
(1,101),
(2,102),
(3,103),
(4,104);
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
/*!50003 SET @saved_cs_client      = @@character_set_client */ ;
/*!50003 SET @saved_cs_results     = @@character_set_results */ ;
/*!50003 SET @saved_col_connection = @@collation_connection */ ;
/*!50003 SET character_set_client  = utf8mb4 */ ;
/*!50003 SET character_set_results = utf8mb4 */ ;
/*!50003 SET collation_connection  = utf8mb4_general_ci */ ;
/*!50003 SET @saved_sql_mode       = @@sql_mode */ ;
/*!50003 SET sql_mode              = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION' */ ;
DELIMITER ;;
/*!50003 CREATE*/ /*!50017 */ /*!50003 TRIGGER count_books BEFORE UPDATE ON writers FOR EACH ROW BEGIN
           SET NEW.written = NEW.written + 1;
           SET NEW.name = trim(NEW.name);
         END 
*/;;
DELIMITER ;
/*!50003 SET sql_mode              = @saved_sql_mode */ ;
/*!50003 SET character_set_client  = @saved_cs_client */ ;
/*!50003 SET character_set_results = @saved_cs_results */ ;
/*!50003 SET collation_connection  = @saved_col_connection */ ;
/*!50003 SET @saved_sql_mode       = @@sql_mode */ ;
/*!50003 SET sql_mode              = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION' */ ;
/*!50003 DROP PROCEDURE IF EXISTS `lend` */;
/*!50003 SET @saved_cs_client      = @@character_set_client */ ;
/*!50003 SET @saved_cs_results     = @@character_set_results */ ;
/*!50003 SET @saved_col_connection = @@collation_connection */ ;
/*!50003 SET character_set_client  = utf8mb4 */ ;
/*!50003 SET character_set_results = utf8mb4 */ ;
/*!50003 SET collation_connection  = utf8mb4_general_ci */ ;
DELIMITER ;;
CREATE  PROCEDURE `lend`(book BIGINT)
BEGIN
           UPDATE books SET shelf = 0 WHERE id = book;
           SELECT count(*) FROM books;
         END
;;
DELIMITER ;
/*!50003 SET sql_mode              = @saved_sql_mode */ ;
/*!50003 SET character_set_client  = @saved_cs_client */ ;
/*!50003 SET character_set_results = @saved_cs_results */ ;
/*!50003 SET collation_connection  = @saved_col_connection */ ;

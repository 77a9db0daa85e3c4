SELECT pg_catalog.set_config('search_path', '', false);
CREATE TYPE public.mood AS ENUM (
    'good',
    'bad'
);
CREATE FUNCTION public.tidy() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN NEW.name := trim(NEW.name); RETURN NEW; END $$;
CREATE TABLE public._migrate_history (
    crate text NOT NULL,
    revision text NOT NULL,
    kind text NOT NULL,
    sequence bigint NOT NULL,
    description text NOT NULL,
    checksum text,
    checksum_algorithm text,
    sql_up text,
    sql_down text,
    undone_by text,
    waivers text,
    state text NOT NULL,
    statements_done bigint NOT NULL,
    statements_total bigint NOT NULL,
    journal text,
    data_cursor text,
    rows_done bigint,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    duration_ms bigint,
    applied_by text NOT NULL,
    tool_version text NOT NULL,
    layout bigint NOT NULL
);
CREATE TABLE public._migrate_log (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    deed text NOT NULL,
    crate text NOT NULL,
    revision text NOT NULL,
    actor text NOT NULL,
    tool_version text NOT NULL,
    duration_ms bigint,
    detail text
);
ALTER TABLE public._migrate_log ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public._migrate_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.books (
    id bigint NOT NULL,
    author bigint NOT NULL,
    title text,
    cents integer NOT NULL,
    isbn text,
    mood public.mood DEFAULT 'good'::public.mood NOT NULL
);
CREATE VIEW public.cheap AS
 SELECT books.id,
    books.title
   FROM public.books
  WHERE (books.cents < 500);
CREATE TABLE public.tags (
    id bigint NOT NULL,
    book bigint NOT NULL
);
CREATE TABLE public.writers (
    id bigint NOT NULL,
    name text NOT NULL,
    written integer DEFAULT 0 NOT NULL
);
INSERT INTO public._migrate_history VALUES ('runtime', '001', 'schema', 1, '', 'bfb22811a2e4ca69432f807733dc4ac6e491d6a9fd89d590d430bc1d62fb1200', 'sha256-tokens-1', 'CREATE TABLE authors (id BIGINT PRIMARY KEY, name TEXT NOT NULL)', 'DROP TABLE authors', 'sql', NULL, 'applied', 1, 1, NULL, NULL, NULL, '2026-11-28 03:59:03.547321+00', '2026-11-28 03:59:03.548539+00', 1, 'postgres', 'migrate 0.1.0', 1);
INSERT INTO public._migrate_history VALUES ('runtime', '002', 'schema', 2, '', 'ef9bceced1db81dd5e7e095d9c69447547fffc9d3c94c875b234d39edd01e21e', 'sha256-tokens-1', 'CREATE TABLE books (id BIGINT PRIMARY KEY, author BIGINT NOT NULL, title TEXT, price INT NOT NULL);
         CREATE INDEX books_title ON books (title);
         ALTER TABLE books ADD CONSTRAINT books_author FOREIGN KEY (author) REFERENCES authors (id)', 'DROP TABLE books', 'sql', NULL, 'applied', 3, 3, NULL, NULL, NULL, '2026-11-28 03:59:03.549912+00', '2026-11-28 03:59:03.551578+00', 2, 'postgres', 'migrate 0.1.0', 1);
INSERT INTO public._migrate_history VALUES ('runtime', '003', 'data', 3, '', 'c84557ec5ecb486d566afe19b5c8777b12557af54ccf98a00c84e73a75c44da4', 'sha256-tokens-1', 'INSERT INTO authors (id, name) VALUES (1, ''Ada''), (2, ''Bob'');
    INSERT INTO books (id, author, title, price) VALUES (1, 1, ''One'', 100), (2, 1, ''Two'', 200), (3, 2, ''Three'', 300);
    UPDATE books SET price = price + 10 WHERE author = 1', 'DELETE FROM books; DELETE FROM authors', 'sql', NULL, 'applied', 3, 3, NULL, NULL, NULL, '2026-11-28 03:59:03.551926+00', '2026-11-28 03:59:03.552416+00', 0, 'postgres', 'migrate 0.1.0', 1);
INSERT INTO public._migrate_history VALUES ('runtime', '004', 'schema', 4, '', '4baf9c6a63f3b96c99b641f6cacdfd1000655f6f0f955e412efc031c2bb683d2', 'sha256-tokens-1', 'ALTER TABLE books ADD COLUMN isbn TEXT;
         ALTER TABLE books RENAME COLUMN price TO cents;
         ALTER TABLE authors RENAME TO writers;
         CREATE TYPE mood AS ENUM (''good'', ''bad'');
         ALTER TABLE books ADD COLUMN mood mood NOT NULL DEFAULT ''good'';
         CREATE FUNCTION tidy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := trim(NEW.name); RETURN NEW; END $$;
         CREATE TRIGGER tidy_writers BEFORE UPDATE ON writers FOR EACH ROW EXECUTE FUNCTION tidy();
         CREATE VIEW cheap AS SELECT id, title FROM books WHERE cents < 500', 'DROP VIEW cheap;
         DROP TRIGGER tidy_writers ON writers;
         DROP FUNCTION tidy();
         ALTER TABLE books DROP COLUMN mood;
         DROP TYPE mood;
         ALTER TABLE writers RENAME TO authors;
         ALTER TABLE books RENAME COLUMN cents TO price;
         ALTER TABLE books DROP COLUMN isbn', 'sql', NULL, 'applied', 8, 8, NULL, NULL, NULL, '2026-11-28 03:59:03.552571+00', '2026-11-28 03:59:03.553707+00', 1, 'postgres', 'migrate 0.1.0', 1);
INSERT INTO public._migrate_history VALUES ('runtime', '005', 'schema', 5, '', 'fb93b63c61ee02b4edf426d882deff81e8bed58d6293419cc4a43589650504d5', 'sha256-tokens-1', 'ALTER TABLE writers ADD COLUMN written INT NOT NULL DEFAULT 0;
         UPDATE writers SET written = written + 1;
         INSERT INTO books (id, author, title, cents) VALUES (4, 2, ''Four'', 400);
         UPDATE books SET cents = cents * 2', 'UPDATE books SET cents = cents / 2;
         DELETE FROM books WHERE id = 4;
         ALTER TABLE writers DROP COLUMN written', 'sql', 'mixed: rows and schema must not get out of step', 'applied', 4, 4, NULL, NULL, NULL, '2026-11-28 03:59:03.553883+00', '2026-11-28 03:59:03.554387+00', 1, 'postgres', 'migrate 0.1.0', 1);
INSERT INTO public._migrate_history VALUES ('runtime', '006', 'schema', 6, '', NULL, NULL, NULL, 'DROP TABLE tags', 'sql', 'mixed: it counts what it tags', 'applied', 0, 0, NULL, NULL, NULL, '2026-11-28 03:59:03.556277+00', '2026-11-28 03:59:03.558961+00', 3, 'postgres', 'migrate 0.1.0', 1);
INSERT INTO public._migrate_history VALUES ('runtime', '007', 'schema', 7, '', 'd29f9de63de56df48ea41fe8f6cb94b44f6c5ca2f172d3fa568aa7c240b3139e', 'sha256-tokens-1', 'CREATE INDEX CONCURRENTLY books_cents ON books (cents);
         UPDATE books SET cents = cents + 5;
         ALTER TABLE books ADD COLUMN shelf INT NOT NULL DEFAULT 7;
         DROP INDEX CONCURRENTLY books_title;
         UPDATE writers SET written = written + 10;
         CREATE UNIQUE INDEX CONCURRENTLY books_isbn ON books (isbn);
         ALTER TYPE mood ADD VALUE ''so so''', 'DROP INDEX CONCURRENTLY books_isbn;
         UPDATE writers SET written = written - 10;
         CREATE INDEX CONCURRENTLY books_title ON books (title);
         ALTER TABLE books DROP COLUMN shelf;
         UPDATE books SET cents = cents - 5;
         DROP INDEX CONCURRENTLY books_cents', 'sql', 'mixed: rows and schema must not get out of step', 'started', 2, 7, 'e0d6c7560bab595e 424f84c857a772a7 772dfff9c73bbf40', NULL, NULL, '2026-11-28 03:59:03.560197+00', NULL, NULL, 'postgres', 'migrate 0.1.0', 1);
INSERT INTO public._migrate_log OVERRIDING SYSTEM VALUE VALUES (1, '2026-11-28 03:59:03.548647+00', 'up', 'runtime', '001', 'postgres', 'migrate 0.1.0', 1, NULL);
INSERT INTO public._migrate_log OVERRIDING SYSTEM VALUE VALUES (2, '2026-11-28 03:59:03.551784+00', 'up', 'runtime', '002', 'postgres', 'migrate 0.1.0', 2, NULL);
INSERT INTO public._migrate_log OVERRIDING SYSTEM VALUE VALUES (3, '2026-11-28 03:59:03.552492+00', 'up', 'runtime', '003', 'postgres', 'migrate 0.1.0', 0, NULL);
INSERT INTO public._migrate_log OVERRIDING SYSTEM VALUE VALUES (4, '2026-11-28 03:59:03.553783+00', 'up', 'runtime', '004', 'postgres', 'migrate 0.1.0', 1, NULL);
INSERT INTO public._migrate_log OVERRIDING SYSTEM VALUE VALUES (5, '2026-11-28 03:59:03.554468+00', 'up', 'runtime', '005', 'postgres', 'migrate 0.1.0', 1, NULL);
INSERT INTO public._migrate_log OVERRIDING SYSTEM VALUE VALUES (6, '2026-11-28 03:59:03.559033+00', 'up', 'runtime', '006', 'postgres', 'migrate 0.1.0', 3, NULL);
INSERT INTO public.books VALUES (3, 2, 'Three', 605, NULL, 'good');
INSERT INTO public.books VALUES (1, 1, 'One', 225, NULL, 'good');
INSERT INTO public.books VALUES (2, 1, 'Two', 425, NULL, 'good');
INSERT INTO public.books VALUES (4, 2, 'Four', 805, NULL, 'good');
INSERT INTO public.tags VALUES (1, 101);
INSERT INTO public.tags VALUES (2, 102);
INSERT INTO public.tags VALUES (3, 103);
INSERT INTO public.tags VALUES (4, 104);
INSERT INTO public.writers VALUES (1, 'Ada', 1);
INSERT INTO public.writers VALUES (2, 'Bob', 1);
SELECT pg_catalog.setval('public._migrate_log_id_seq', 6, true);
ALTER TABLE ONLY public._migrate_history
    ADD CONSTRAINT _migrate_history_pkey PRIMARY KEY (crate, revision);
ALTER TABLE ONLY public._migrate_history
    ADD CONSTRAINT _migrate_history_sequence_key UNIQUE (sequence);
ALTER TABLE ONLY public._migrate_log
    ADD CONSTRAINT _migrate_log_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.writers
    ADD CONSTRAINT authors_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.books
    ADD CONSTRAINT books_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tags
    ADD CONSTRAINT tags_pkey PRIMARY KEY (id);
CREATE INDEX books_cents ON public.books USING btree (cents);
CREATE INDEX books_title ON public.books USING btree (title);
CREATE INDEX tags_book ON public.tags USING btree (book);
CREATE TRIGGER tidy_writers BEFORE UPDATE ON public.writers FOR EACH ROW EXECUTE FUNCTION public.tidy();
ALTER TABLE ONLY public.books
    ADD CONSTRAINT books_author FOREIGN KEY (author) REFERENCES public.writers(id);

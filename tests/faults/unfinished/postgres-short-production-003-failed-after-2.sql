SELECT pg_catalog.set_config('search_path', '', false);
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
CREATE TABLE public.authors (
    id bigint NOT NULL,
    name text NOT NULL
);
CREATE TABLE public.books (
    id bigint NOT NULL,
    price integer NOT NULL
);
INSERT INTO public._migrate_history VALUES ('runtime', '001', 'schema', 1, '', 'bfb22811a2e4ca69432f807733dc4ac6e491d6a9fd89d590d430bc1d62fb1200', 'sha256-tokens-1', 'CREATE TABLE authors (id BIGINT PRIMARY KEY, name TEXT NOT NULL)', 'DROP TABLE authors', 'sql', NULL, 'applied', 1, 1, NULL, NULL, NULL, '2026-11-28 09:04:53.608201+00', '2026-11-28 09:04:53.609746+00', 2, 'postgres', 'migrate 0.1.0', 1);
INSERT INTO public._migrate_history VALUES ('runtime', '002', 'schema', 2, '', '9f36eeb7cf8acf0b1ee5a6af536089bfdced42baa9d90ffb6b9fa688854f8ec0', 'sha256-tokens-1', 'CREATE TABLE books (id BIGINT PRIMARY KEY, price INT NOT NULL); INSERT INTO books VALUES (1, 100), (2, 200)', 'DROP TABLE books', 'sql', 'mixed: rows and schema must not get out of step', 'applied', 2, 2, NULL, NULL, NULL, '2026-11-28 09:04:53.610112+00', '2026-11-28 09:04:53.610747+00', 1, 'postgres', 'migrate 0.1.0', 1);
INSERT INTO public._migrate_history VALUES ('runtime', '003', 'schema', 3, '', 'bee23893298d9e1632ba71478b928b50da13e97b4c6f0df06c455b8f676ee794', 'sha256-tokens-1', 'CREATE INDEX CONCURRENTLY books_price ON books (price);
             UPDATE books SET price = price + 10;
             ALTER TABLE books ADD COLUMN title TEXT', 'ALTER TABLE books DROP COLUMN title; DROP INDEX CONCURRENTLY books_price', 'sql', 'mixed: rows and schema must not get out of step', 'failed', 2, 3, '45befd409b01fc20 66ef5b3bff4fcb6d 63b309c2ce02a1d8!', NULL, NULL, '2026-11-28 09:04:54.024114+00', '2026-11-28 09:04:54.044486+00', NULL, 'postgres', 'migrate 0.1.0', 1);
INSERT INTO public._migrate_log OVERRIDING SYSTEM VALUE VALUES (1, '2026-11-28 09:04:53.609865+00', 'up', 'runtime', '001', 'postgres', 'migrate 0.1.0', 2, NULL);
INSERT INTO public._migrate_log OVERRIDING SYSTEM VALUE VALUES (2, '2026-11-28 09:04:53.61082+00', 'up', 'runtime', '002', 'postgres', 'migrate 0.1.0', 1, NULL);
INSERT INTO public._migrate_log OVERRIDING SYSTEM VALUE VALUES (3, '2026-11-28 09:04:54.044633+00', 'failure', 'runtime', '003', 'postgres', 'migrate 0.1.0', NULL, 'column "title" of relation "books" already exists (42701)');
INSERT INTO public.books VALUES (1, 110);
INSERT INTO public.books VALUES (2, 210);
SELECT pg_catalog.setval('public._migrate_log_id_seq', 3, true);
ALTER TABLE ONLY public._migrate_history
    ADD CONSTRAINT _migrate_history_pkey PRIMARY KEY (crate, revision);
ALTER TABLE ONLY public._migrate_history
    ADD CONSTRAINT _migrate_history_sequence_key UNIQUE (sequence);
ALTER TABLE ONLY public._migrate_log
    ADD CONSTRAINT _migrate_log_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.authors
    ADD CONSTRAINT authors_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.books
    ADD CONSTRAINT books_pkey PRIMARY KEY (id);
CREATE INDEX books_price ON public.books USING btree (price);

-- Who was here.
CREATE TABLE visits (
    id BIGINT,
    at TIMESTAMPTZ DEFAULT
);

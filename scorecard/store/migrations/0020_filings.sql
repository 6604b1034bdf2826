-- What each law or code asks to be filed: article by article, to whom, by when.
-- append-only

CREATE TABLE filings (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    source VARCHAR NOT NULL,
    grade VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    duty VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    article VARCHAR NOT NULL,
    recipient VARCHAR NOT NULL,
    due VARCHAR NOT NULL,
    asks JSON NOT NULL,
    every_months BIGINT NOT NULL,
    counted_from VARCHAR NOT NULL,
    at_start BOOLEAN NOT NULL,
    place BIGINT NOT NULL
);

-- How the headline's forecasts of each series of the reference class came out.
-- append-only

CREATE TABLE judged_series (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    series VARCHAR NOT NULL,
    model_version VARCHAR NOT NULL,
    retired BOOLEAN NOT NULL,
    rise DOUBLE NOT NULL,
    asked JSON NOT NULL
);

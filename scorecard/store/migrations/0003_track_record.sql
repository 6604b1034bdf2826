-- How forecasts would have done in the past, a row an indicator, data state and model version.

CREATE TABLE track_records (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    indicator VARCHAR NOT NULL,
    prior_set VARCHAR NOT NULL,
    model_version VARCHAR NOT NULL,
    seed BIGINT NOT NULL,
    data_hash VARCHAR NOT NULL,
    origins BIGINT NOT NULL,
    records BIGINT NOT NULL,
    scores JSON NOT NULL,
    lateness JSON NOT NULL,
    calibration JSON NOT NULL
);

-- Questions about indicators as they were asked and answered.
-- append-only

CREATE TABLE asked_questions (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    indicator VARCHAR NOT NULL,
    level DOUBLE,
    day DATE NOT NULL,
    given VARCHAR NOT NULL,
    as_of DATE NOT NULL,
    prior_set VARCHAR NOT NULL,
    model_version VARCHAR NOT NULL,
    seed BIGINT NOT NULL,
    data_hash VARCHAR NOT NULL,
    probability DOUBLE,
    quantiles JSON,
    given_probability DOUBLE,
    mcse DOUBLE NOT NULL
);

-- Questions to the organisation's own experts, and what each of them answered.

CREATE TABLE questions (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    about VARCHAR NOT NULL,
    due_on DATE NOT NULL,
    closes_on DATE NOT NULL,
    asked_by VARCHAR NOT NULL,
    note VARCHAR NOT NULL,
    happened BOOLEAN,
    resolved_on DATE,
    resolved_by VARCHAR NOT NULL,
    grounds VARCHAR NOT NULL
);

CREATE TABLE judgements (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    question VARCHAR NOT NULL,
    author VARCHAR NOT NULL,
    probability DOUBLE NOT NULL,
    reason VARCHAR NOT NULL
);

-- What people hold a published reading should be; the reading itself stays as it is.

CREATE TABLE adjustments (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    indicator VARCHAR NOT NULL,
    system VARCHAR NOT NULL,
    condition VARCHAR NOT NULL,
    observed_on DATE NOT NULL,
    vintage VARCHAR NOT NULL,
    doubt VARCHAR NOT NULL,
    value DOUBLE NOT NULL,
    low DOUBLE,
    high DOUBLE,
    rationale VARCHAR NOT NULL,
    author VARCHAR NOT NULL,
    supersedes VARCHAR NOT NULL
);

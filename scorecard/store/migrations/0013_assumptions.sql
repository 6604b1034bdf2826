-- What we ourselves hold beside criteria and prior sets: dates, bars, pace rules, the loop's priors, roles of series.
-- append-only

CREATE TABLE deadlines (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    author VARCHAR NOT NULL,
    rationale VARCHAR NOT NULL,
    supersedes VARCHAR NOT NULL,
    day DATE NOT NULL,
    name VARCHAR NOT NULL
);

CREATE TABLE rhythms (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    author VARCHAR NOT NULL,
    rationale VARCHAR NOT NULL,
    supersedes VARCHAR NOT NULL,
    months BIGINT NOT NULL
);

CREATE TABLE oversight_areas (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    author VARCHAR NOT NULL,
    rationale VARCHAR NOT NULL,
    supersedes VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    question VARCHAR NOT NULL,
    missing VARCHAR NOT NULL,
    capability VARCHAR NOT NULL
);

CREATE TABLE oversight_bars (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    author VARCHAR NOT NULL,
    rationale VARCHAR NOT NULL,
    supersedes VARCHAR NOT NULL,
    area VARCHAR NOT NULL,
    indicator VARCHAR NOT NULL,
    safer VARCHAR NOT NULL,
    bar DOUBLE NOT NULL
);

CREATE TABLE pace_rules (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    author VARCHAR NOT NULL,
    rationale VARCHAR NOT NULL,
    supersedes VARCHAR NOT NULL,
    threshold VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    level DOUBLE NOT NULL,
    months BIGINT NOT NULL,
    cause DOUBLE NOT NULL,
    baseline VARCHAR NOT NULL,
    source VARCHAR NOT NULL
);

CREATE TABLE loop_priors (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    author VARCHAR NOT NULL,
    rationale VARCHAR NOT NULL,
    supersedes VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    priors JSON NOT NULL,
    settings JSON NOT NULL,
    links VARCHAR[] NOT NULL
);

CREATE TABLE series_roles (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    author VARCHAR NOT NULL,
    rationale VARCHAR NOT NULL,
    supersedes VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    indicator VARCHAR NOT NULL,
    part VARCHAR NOT NULL,
    kind VARCHAR NOT NULL
);

-- The tables of the record. Every row carries the transaction that wrote it (seq), its place in it
-- (row_no), the moment it was stored (recorded_at) and a hash of its values (row_hash).
-- Rows are never updated: a later row with the same key supersedes an earlier one.

CREATE TABLE schema_version (number INTEGER PRIMARY KEY, name VARCHAR NOT NULL, sha256 VARCHAR NOT NULL);

-- One entry a transaction. `content` covers the hashes of its rows, `hash` covers the entry and
-- `previous`, so that a change anywhere breaks the chain from there on.
CREATE TABLE log (
    seq BIGINT PRIMARY KEY,
    recorded_at TIMESTAMP NOT NULL,
    actor VARCHAR NOT NULL,
    identity VARCHAR NOT NULL,
    action VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    rows BIGINT NOT NULL,
    content VARCHAR NOT NULL,
    previous VARCHAR NOT NULL,
    hash VARCHAR NOT NULL
);


CREATE TABLE sources (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    published_on DATE NOT NULL,
    licence VARCHAR NOT NULL,
    note VARCHAR NOT NULL
);

CREATE TABLE frameworks (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    source VARCHAR NOT NULL,
    grade VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    version VARCHAR NOT NULL,
    developer VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    effective_on DATE NOT NULL,
    current BOOLEAN NOT NULL,
    process VARCHAR[] NOT NULL,
    note VARCHAR NOT NULL
);

CREATE TABLE thresholds (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    source VARCHAR NOT NULL,
    grade VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    framework VARCHAR NOT NULL,
    version VARCHAR NOT NULL,
    category VARCHAR NOT NULL,
    level VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    rsi_relevant BOOLEAN NOT NULL,
    current BOOLEAN NOT NULL,
    paraphrase VARCHAR NOT NULL,
    operationalisation VARCHAR NOT NULL,
    obligations VARCHAR[] NOT NULL,
    quantities JSON NOT NULL,
    needed VARCHAR NOT NULL,
    note VARCHAR NOT NULL
);

CREATE TABLE determinations (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    source VARCHAR NOT NULL,
    grade VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    threshold VARCHAR NOT NULL,
    developer VARCHAR NOT NULL,
    system VARCHAR NOT NULL,
    determined_on DATE NOT NULL,
    finding VARCHAR NOT NULL,
    note VARCHAR NOT NULL
);

CREATE TABLE duties (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    source VARCHAR NOT NULL,
    grade VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    in_force_on DATE NOT NULL,
    duties VARCHAR[] NOT NULL,
    fields VARCHAR[] NOT NULL,
    note VARCHAR NOT NULL
);

CREATE TABLE systems (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    source VARCHAR NOT NULL,
    grade VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    developer VARCHAR NOT NULL,
    released_on DATE NOT NULL,
    aliases VARCHAR[] NOT NULL,
    note VARCHAR NOT NULL
);

CREATE TABLE indicators (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    source VARCHAR NOT NULL,
    grade VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    scale VARCHAR NOT NULL,
    direction VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    measures VARCHAR NOT NULL,
    lower DOUBLE,
    upper DOUBLE,
    reliable_max DOUBLE,
    shared_tasks BOOLEAN NOT NULL,
    few_lag BOOLEAN NOT NULL,
    retest_days BIGINT NOT NULL,
    informs VARCHAR[] NOT NULL,
    caveats VARCHAR[] NOT NULL,
    note VARCHAR NOT NULL
);

CREATE TABLE measurements (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    source VARCHAR NOT NULL,
    grade VARCHAR NOT NULL,
    indicator VARCHAR NOT NULL,
    system VARCHAR NOT NULL,
    condition VARCHAR NOT NULL,
    observed_on DATE NOT NULL,
    vintage VARCHAR NOT NULL,
    value DOUBLE NOT NULL,
    low DOUBLE,
    high DOUBLE,
    interval DOUBLE,
    bound VARCHAR NOT NULL,
    n BIGINT,
    main BOOLEAN NOT NULL,
    marks VARCHAR[] NOT NULL,
    note VARCHAR NOT NULL
);

CREATE TABLE events (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    source VARCHAR NOT NULL,
    grade VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    criteria VARCHAR NOT NULL,
    sub_events VARCHAR[] NOT NULL,
    threshold VARCHAR NOT NULL
);

CREATE TABLE outlooks (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    source VARCHAR NOT NULL,
    grade VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    event VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    who VARCHAR NOT NULL,
    organisation VARCHAR NOT NULL,
    said_on DATE NOT NULL,
    statement VARCHAR NOT NULL,
    probability DOUBLE,
    probability_is VARCHAR NOT NULL,
    target_on DATE,
    quantiles JSON,
    resolution JSON,
    note VARCHAR NOT NULL
);

CREATE TABLE criteria (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    threshold VARCHAR NOT NULL,
    indicator VARCHAR NOT NULL,
    level DOUBLE NOT NULL,
    level_sd DOUBLE NOT NULL,
    gap DOUBLE NOT NULL,
    gap_sd DOUBLE NOT NULL,
    weight DOUBLE NOT NULL,
    rationale VARCHAR NOT NULL,
    author VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    supersedes VARCHAR NOT NULL
);

CREATE TABLE prior_sets (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    author VARCHAR NOT NULL,
    rationale VARCHAR NOT NULL,
    priors JSON NOT NULL,
    settings JSON NOT NULL,
    links VARCHAR[] NOT NULL,
    asked JSON,
    review_by DATE,
    supersedes VARCHAR NOT NULL,
    dissent VARCHAR NOT NULL
);

CREATE TABLE rulings (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    ruling VARCHAR NOT NULL,
    ruled_by VARCHAR NOT NULL,
    reason VARCHAR NOT NULL
);

CREATE TABLE forecast_runs (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    threshold VARCHAR NOT NULL,
    as_of DATE NOT NULL,
    criteria VARCHAR[] NOT NULL,
    indicators VARCHAR[] NOT NULL,
    prior_set VARCHAR NOT NULL,
    model VARCHAR NOT NULL,
    model_version VARCHAR NOT NULL,
    seed BIGINT NOT NULL,
    data_hash VARCHAR NOT NULL,
    publishable BOOLEAN NOT NULL,
    checks JSON NOT NULL,
    result JSON NOT NULL,
    draws VARCHAR NOT NULL,
    draws_sha256 VARCHAR NOT NULL
);

CREATE TABLE decisions (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    threshold VARCHAR NOT NULL,
    finding VARCHAR NOT NULL,
    decision VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    decided_by VARCHAR NOT NULL,
    forecast_run VARCHAR NOT NULL,
    system VARCHAR NOT NULL,
    meeting VARCHAR NOT NULL,
    owner VARCHAR NOT NULL,
    due_on DATE,
    review_on DATE,
    holds_while VARCHAR NOT NULL,
    options VARCHAR[] NOT NULL,
    votes JSON,
    dissent VARCHAR NOT NULL,
    conflicts VARCHAR NOT NULL,
    supersedes VARCHAR NOT NULL
);

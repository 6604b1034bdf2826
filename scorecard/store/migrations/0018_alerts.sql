-- Alert levels and their rules, who is told what and how it went, issue days, entries of filings.
-- append-only

CREATE TABLE alert_rules (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    author VARCHAR NOT NULL,
    rationale VARCHAR NOT NULL,
    supersedes VARCHAR NOT NULL,
    scale VARCHAR NOT NULL,
    level VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    within_days BIGINT NOT NULL,
    action VARCHAR NOT NULL,
    owner VARCHAR NOT NULL,
    enter DOUBLE NOT NULL,
    enter_unsure DOUBLE NOT NULL,
    leave DOUBLE NOT NULL,
    hold_days BIGINT NOT NULL,
    words VARCHAR[] NOT NULL,
    threshold VARCHAR NOT NULL
);

CREATE TABLE alert_changes (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    threshold VARCHAR NOT NULL,
    scale VARCHAR NOT NULL,
    before VARCHAR NOT NULL,
    level VARCHAR NOT NULL,
    rule VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    run VARCHAR NOT NULL,
    action VARCHAR NOT NULL,
    owner VARCHAR NOT NULL,
    value DOUBLE,
    due_on DATE
);

CREATE TABLE readers (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    author VARCHAR NOT NULL,
    thresholds VARCHAR[] NOT NULL,
    moved_by DOUBLE NOT NULL,
    months DOUBLE NOT NULL,
    digest VARCHAR NOT NULL,
    channels VARCHAR[] NOT NULL,
    within_days BIGINT NOT NULL,
    escalate_to VARCHAR NOT NULL,
    active BOOLEAN NOT NULL
);

CREATE TABLE told (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    reader VARCHAR NOT NULL,
    threshold VARCHAR NOT NULL,
    notice VARCHAR NOT NULL,
    word VARCHAR NOT NULL,
    capability VARCHAR NOT NULL,
    safeguards VARCHAR NOT NULL,
    run VARCHAR NOT NULL,
    p_12_months DOUBLE,
    q50 DATE,
    error DOUBLE NOT NULL
);

CREATE TABLE notices (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    reader VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    sentences VARCHAR[] NOT NULL,
    acknowledge_by DATE NOT NULL
);

CREATE TABLE notice_events (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    notice VARCHAR NOT NULL,
    what VARCHAR NOT NULL,
    channel VARCHAR NOT NULL,
    author VARCHAR NOT NULL,
    note VARCHAR NOT NULL
);

CREATE TABLE issues (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    due_on DATE NOT NULL,
    runs VARCHAR[] NOT NULL,
    head VARCHAR NOT NULL,
    note VARCHAR NOT NULL,
    reconstructed BOOLEAN NOT NULL
);

CREATE TABLE filing_entries (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    duty VARCHAR NOT NULL,
    field VARCHAR NOT NULL,
    developer VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    author VARCHAR NOT NULL,
    evidence VARCHAR[] NOT NULL
);

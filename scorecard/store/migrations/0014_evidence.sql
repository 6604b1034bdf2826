-- What developers did and said about thresholds, one or several at once.
-- append-only

CREATE TABLE threshold_events (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    thresholds VARCHAR[] NOT NULL,
    kind VARCHAR NOT NULL,
    developer VARCHAR NOT NULL,
    system VARCHAR NOT NULL,
    happened_on DATE NOT NULL,
    statement VARCHAR NOT NULL,
    place VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    grade VARCHAR NOT NULL
);

-- What others make of a finding.

CREATE TABLE assessments (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    assessor VARCHAR NOT NULL,
    independent BOOLEAN NOT NULL,
    of VARCHAR NOT NULL,
    verdict VARCHAR NOT NULL,
    made_on DATE NOT NULL,
    reason VARCHAR NOT NULL,
    place VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    grade VARCHAR NOT NULL
);

-- Second readings of wordings in the texts themselves.

CREATE TABLE text_checks (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    threshold VARCHAR NOT NULL,
    read_on DATE NOT NULL,
    place VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    note VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    grade VARCHAR NOT NULL
);

-- Rows that said something else before, and why they changed.

CREATE TABLE corrections (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    subject VARCHAR NOT NULL,
    corrected_on DATE NOT NULL,
    reason VARCHAR NOT NULL,
    was JSON,
    source VARCHAR NOT NULL,
    grade VARCHAR NOT NULL
);

-- What was looked for and not found.

CREATE TABLE searches (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    about VARCHAR NOT NULL,
    sought VARCHAR NOT NULL,
    looked_on DATE NOT NULL,
    reaches DATE NOT NULL,
    outcome VARCHAR NOT NULL,
    found VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    grade VARCHAR NOT NULL
);

-- Who is watched, when somebody looked, what came in, what was fetched.

CREATE TABLE watched (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    publisher VARCHAR NOT NULL,
    address VARCHAR NOT NULL,
    looks_for VARCHAR NOT NULL,
    every_days BIGINT NOT NULL,
    decisive BOOLEAN NOT NULL,
    developer VARCHAR NOT NULL,
    refresh VARCHAR NOT NULL
);

CREATE TABLE looks (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    watched VARCHAR NOT NULL,
    looked_on DATE NOT NULL,
    reaches DATE NOT NULL,
    looked_by VARCHAR NOT NULL,
    found BIGINT NOT NULL,
    note VARCHAR NOT NULL
);

CREATE TABLE inbox (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    watched VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    address VARCHAR NOT NULL,
    published_on DATE NOT NULL,
    state VARCHAR NOT NULL,
    handled_by VARCHAR NOT NULL,
    reason VARCHAR NOT NULL
);

CREATE TABLE fetches (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    refresh VARCHAR NOT NULL,
    address VARCHAR NOT NULL,
    fetched_on DATE NOT NULL,
    outcome VARCHAR NOT NULL,
    etag VARCHAR NOT NULL,
    last_modified VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    size BIGINT NOT NULL,
    kept VARCHAR NOT NULL,
    note VARCHAR NOT NULL
);

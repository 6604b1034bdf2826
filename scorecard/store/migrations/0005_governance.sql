-- What a governance meeting works with: safeguards and buffers, meetings and minutes, tripwires, snapshots.

CREATE TABLE safeguards (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    thresholds VARCHAR[] NOT NULL,
    name VARCHAR NOT NULL,
    obligation VARCHAR NOT NULL,
    owner VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    starts_on DATE NOT NULL,
    ready_10 DATE NOT NULL,
    ready_50 DATE NOT NULL,
    ready_90 DATE NOT NULL,
    author VARCHAR NOT NULL,
    evidence VARCHAR[] NOT NULL,
    note VARCHAR NOT NULL
);

CREATE TABLE buffers (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    threshold VARCHAR NOT NULL,
    tolerance DOUBLE NOT NULL,
    months DOUBLE NOT NULL,
    rationale VARCHAR NOT NULL,
    author VARCHAR NOT NULL,
    supersedes VARCHAR NOT NULL
);

CREATE TABLE meetings (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    held_on DATE NOT NULL,
    chair VARCHAR NOT NULL,
    attendees VARCHAR[] NOT NULL,
    state VARCHAR NOT NULL,
    moved_by DOUBLE NOT NULL,
    since_on DATE,
    since_seq BIGINT NOT NULL,
    until_seq BIGINT NOT NULL,
    agenda JSON NOT NULL,
    summary VARCHAR NOT NULL,
    snapshot VARCHAR NOT NULL
);

CREATE TABLE minutes (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    meeting VARCHAR NOT NULL,
    item VARCHAR NOT NULL,
    words VARCHAR NOT NULL,
    author VARCHAR NOT NULL,
    supersedes VARCHAR NOT NULL
);

CREATE TABLE tripwires (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    decision VARCHAR NOT NULL,
    condition JSON NOT NULL,
    words VARCHAR NOT NULL,
    author VARCHAR NOT NULL
);

CREATE TABLE firings (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    tripwire VARCHAR NOT NULL,
    decision VARCHAR NOT NULL,
    words VARCHAR NOT NULL,
    seen JSON NOT NULL
);

CREATE TABLE reports (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    decision VARCHAR NOT NULL,
    about VARCHAR NOT NULL,
    finding VARCHAR NOT NULL,
    contents JSON NOT NULL
);

CREATE TABLE snapshots (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    as_of DATE NOT NULL,
    entry BIGINT NOT NULL,
    content VARCHAR NOT NULL,
    author VARCHAR NOT NULL
);

CREATE TABLE signoffs (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    snapshot VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    identity VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    statement VARCHAR NOT NULL
);

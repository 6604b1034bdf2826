-- Files that were imported, rows that were refused and kept, and further names of systems.

CREATE TABLE imports (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    format VARCHAR NOT NULL,
    version VARCHAR NOT NULL,
    file VARCHAR NOT NULL,
    size BIGINT NOT NULL,
    source VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    measurements BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    kept VARCHAR NOT NULL,
    kept_sha256 VARCHAR NOT NULL,
    mapping JSON
);

CREATE TABLE quarantine (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    format VARCHAR NOT NULL,
    file VARCHAR NOT NULL,
    place VARCHAR NOT NULL,
    field VARCHAR NOT NULL,
    found VARCHAR NOT NULL,
    expected VARCHAR NOT NULL,
    cells JSON NOT NULL,
    state VARCHAR NOT NULL
);

CREATE TABLE aliases (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    name VARCHAR NOT NULL,
    system VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    standing BOOLEAN NOT NULL,
    author VARCHAR NOT NULL,
    reason VARCHAR NOT NULL
);

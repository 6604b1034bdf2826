-- Signatures made with a key of the signer's own, over the snapshot that a sign-off puts a name to.
-- append-only

CREATE TABLE signatures (
    seq BIGINT NOT NULL,
    row_no INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    row_hash VARCHAR NOT NULL,
    known_at DATE NOT NULL,
    id VARCHAR NOT NULL,
    snapshot VARCHAR NOT NULL,
    signer VARCHAR NOT NULL,
    fingerprint VARCHAR NOT NULL,
    signature VARCHAR NOT NULL
);

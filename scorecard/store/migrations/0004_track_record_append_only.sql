-- requires DuckDB 2: as 0002, for the table of 0003.

CREATE TRIGGER track_records_no_update AFTER UPDATE ON track_records REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of track_records are superseded, never changed') END FROM gone;
CREATE TRIGGER track_records_no_delete AFTER DELETE ON track_records REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of track_records are superseded, never changed') END FROM gone;

-- requires DuckDB 2: as 0002, for the table of 0009.

CREATE TRIGGER commentary_no_update AFTER UPDATE ON commentary REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of commentary are superseded, never changed') END FROM gone;
CREATE TRIGGER commentary_no_delete AFTER DELETE ON commentary REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of commentary are superseded, never changed') END FROM gone;

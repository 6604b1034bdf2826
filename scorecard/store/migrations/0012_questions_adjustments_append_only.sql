-- requires DuckDB 2: as 0002, for the tables of 0011.

CREATE TRIGGER questions_no_update AFTER UPDATE ON questions REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of questions are superseded, never changed') END FROM gone;
CREATE TRIGGER questions_no_delete AFTER DELETE ON questions REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of questions are superseded, never changed') END FROM gone;

CREATE TRIGGER judgements_no_update AFTER UPDATE ON judgements REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of judgements are superseded, never changed') END FROM gone;
CREATE TRIGGER judgements_no_delete AFTER DELETE ON judgements REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of judgements are superseded, never changed') END FROM gone;

CREATE TRIGGER adjustments_no_update AFTER UPDATE ON adjustments REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of adjustments are superseded, never changed') END FROM gone;
CREATE TRIGGER adjustments_no_delete AFTER DELETE ON adjustments REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of adjustments are superseded, never changed') END FROM gone;

-- requires DuckDB 2: as 0002, for the tables of 0007.

CREATE TRIGGER imports_no_update AFTER UPDATE ON imports REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of imports are superseded, never changed') END FROM gone;
CREATE TRIGGER imports_no_delete AFTER DELETE ON imports REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of imports are superseded, never changed') END FROM gone;
CREATE TRIGGER quarantine_no_update AFTER UPDATE ON quarantine REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of quarantine are superseded, never changed') END FROM gone;
CREATE TRIGGER quarantine_no_delete AFTER DELETE ON quarantine REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of quarantine are superseded, never changed') END FROM gone;
CREATE TRIGGER aliases_no_update AFTER UPDATE ON aliases REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of aliases are superseded, never changed') END FROM gone;
CREATE TRIGGER aliases_no_delete AFTER DELETE ON aliases REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of aliases are superseded, never changed') END FROM gone;

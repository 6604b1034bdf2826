-- requires DuckDB 2: as 0002, for the tables of 0005.

CREATE TRIGGER safeguards_no_update AFTER UPDATE ON safeguards REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of safeguards are superseded, never changed') END FROM gone;
CREATE TRIGGER safeguards_no_delete AFTER DELETE ON safeguards REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of safeguards are superseded, never changed') END FROM gone;
CREATE TRIGGER buffers_no_update AFTER UPDATE ON buffers REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of buffers are superseded, never changed') END FROM gone;
CREATE TRIGGER buffers_no_delete AFTER DELETE ON buffers REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of buffers are superseded, never changed') END FROM gone;
CREATE TRIGGER meetings_no_update AFTER UPDATE ON meetings REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of meetings are superseded, never changed') END FROM gone;
CREATE TRIGGER meetings_no_delete AFTER DELETE ON meetings REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of meetings are superseded, never changed') END FROM gone;
CREATE TRIGGER minutes_no_update AFTER UPDATE ON minutes REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of minutes are superseded, never changed') END FROM gone;
CREATE TRIGGER minutes_no_delete AFTER DELETE ON minutes REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of minutes are superseded, never changed') END FROM gone;
CREATE TRIGGER tripwires_no_update AFTER UPDATE ON tripwires REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of tripwires are superseded, never changed') END FROM gone;
CREATE TRIGGER tripwires_no_delete AFTER DELETE ON tripwires REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of tripwires are superseded, never changed') END FROM gone;
CREATE TRIGGER firings_no_update AFTER UPDATE ON firings REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of firings are superseded, never changed') END FROM gone;
CREATE TRIGGER firings_no_delete AFTER DELETE ON firings REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of firings are superseded, never changed') END FROM gone;
CREATE TRIGGER reports_no_update AFTER UPDATE ON reports REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of reports are superseded, never changed') END FROM gone;
CREATE TRIGGER reports_no_delete AFTER DELETE ON reports REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of reports are superseded, never changed') END FROM gone;
CREATE TRIGGER snapshots_no_update AFTER UPDATE ON snapshots REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of snapshots are superseded, never changed') END FROM gone;
CREATE TRIGGER snapshots_no_delete AFTER DELETE ON snapshots REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of snapshots are superseded, never changed') END FROM gone;
CREATE TRIGGER signoffs_no_update AFTER UPDATE ON signoffs REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of signoffs are superseded, never changed') END FROM gone;
CREATE TRIGGER signoffs_no_delete AFTER DELETE ON signoffs REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of signoffs are superseded, never changed') END FROM gone;

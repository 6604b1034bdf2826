-- requires DuckDB 2: the tables refuse UPDATE, DELETE and TRUNCATE (statements that touch no row pass).
-- Older versions go without; the hash chain finds a change either way.

CREATE TABLE refusals (reason VARCHAR);

CREATE TRIGGER log_no_update AFTER UPDATE ON log REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of log are superseded, never changed') END FROM gone;
CREATE TRIGGER log_no_delete AFTER DELETE ON log REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of log are superseded, never changed') END FROM gone;
CREATE TRIGGER sources_no_update AFTER UPDATE ON sources REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of sources are superseded, never changed') END FROM gone;
CREATE TRIGGER sources_no_delete AFTER DELETE ON sources REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of sources are superseded, never changed') END FROM gone;
CREATE TRIGGER frameworks_no_update AFTER UPDATE ON frameworks REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of frameworks are superseded, never changed') END FROM gone;
CREATE TRIGGER frameworks_no_delete AFTER DELETE ON frameworks REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of frameworks are superseded, never changed') END FROM gone;
CREATE TRIGGER thresholds_no_update AFTER UPDATE ON thresholds REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of thresholds are superseded, never changed') END FROM gone;
CREATE TRIGGER thresholds_no_delete AFTER DELETE ON thresholds REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of thresholds are superseded, never changed') END FROM gone;
CREATE TRIGGER determinations_no_update AFTER UPDATE ON determinations REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of determinations are superseded, never changed') END FROM gone;
CREATE TRIGGER determinations_no_delete AFTER DELETE ON determinations REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of determinations are superseded, never changed') END FROM gone;
CREATE TRIGGER duties_no_update AFTER UPDATE ON duties REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of duties are superseded, never changed') END FROM gone;
CREATE TRIGGER duties_no_delete AFTER DELETE ON duties REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of duties are superseded, never changed') END FROM gone;
CREATE TRIGGER systems_no_update AFTER UPDATE ON systems REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of systems are superseded, never changed') END FROM gone;
CREATE TRIGGER systems_no_delete AFTER DELETE ON systems REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of systems are superseded, never changed') END FROM gone;
CREATE TRIGGER indicators_no_update AFTER UPDATE ON indicators REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of indicators are superseded, never changed') END FROM gone;
CREATE TRIGGER indicators_no_delete AFTER DELETE ON indicators REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of indicators are superseded, never changed') END FROM gone;
CREATE TRIGGER measurements_no_update AFTER UPDATE ON measurements REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of measurements are superseded, never changed') END FROM gone;
CREATE TRIGGER measurements_no_delete AFTER DELETE ON measurements REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of measurements are superseded, never changed') END FROM gone;
CREATE TRIGGER events_no_update AFTER UPDATE ON events REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of events are superseded, never changed') END FROM gone;
CREATE TRIGGER events_no_delete AFTER DELETE ON events REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of events are superseded, never changed') END FROM gone;
CREATE TRIGGER outlooks_no_update AFTER UPDATE ON outlooks REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of outlooks are superseded, never changed') END FROM gone;
CREATE TRIGGER outlooks_no_delete AFTER DELETE ON outlooks REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of outlooks are superseded, never changed') END FROM gone;
CREATE TRIGGER criteria_no_update AFTER UPDATE ON criteria REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of criteria are superseded, never changed') END FROM gone;
CREATE TRIGGER criteria_no_delete AFTER DELETE ON criteria REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of criteria are superseded, never changed') END FROM gone;
CREATE TRIGGER prior_sets_no_update AFTER UPDATE ON prior_sets REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of prior_sets are superseded, never changed') END FROM gone;
CREATE TRIGGER prior_sets_no_delete AFTER DELETE ON prior_sets REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of prior_sets are superseded, never changed') END FROM gone;
CREATE TRIGGER rulings_no_update AFTER UPDATE ON rulings REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of rulings are superseded, never changed') END FROM gone;
CREATE TRIGGER rulings_no_delete AFTER DELETE ON rulings REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of rulings are superseded, never changed') END FROM gone;
CREATE TRIGGER forecast_runs_no_update AFTER UPDATE ON forecast_runs REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of forecast_runs are superseded, never changed') END FROM gone;
CREATE TRIGGER forecast_runs_no_delete AFTER DELETE ON forecast_runs REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of forecast_runs are superseded, never changed') END FROM gone;
CREATE TRIGGER decisions_no_update AFTER UPDATE ON decisions REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of decisions are superseded, never changed') END FROM gone;
CREATE TRIGGER decisions_no_delete AFTER DELETE ON decisions REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    INSERT INTO refusals SELECT CASE WHEN count(*) > 0 THEN error('append-only: rows of decisions are superseded, never changed') END FROM gone;

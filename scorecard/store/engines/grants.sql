-- Who may do what in a lake's catalogue. Its owner runs this after `preparedness init`, each time:
--   psql -d scorecard -v writer=scorecard_writer -v reader=scorecard_reader -f scorecard/store/engines/grants.sql
-- A writer adds rows and files. Changing, deleting and dropping all need what is not granted here: UPDATE of other
-- tables than the two with statistics, DELETE, or INSERT into the tables that describe tables and deletions.

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"writer", :"reader";
GRANT SELECT ON ALL TABLES IN SCHEMA public TO :"writer", :"reader";

GRANT INSERT ON ducklake_snapshot, ducklake_snapshot_changes, ducklake_data_file, ducklake_file_column_stats,
    ducklake_file_variant_stats, ducklake_column_mapping, ducklake_name_mapping TO :"writer";
GRANT INSERT, UPDATE ON ducklake_table_stats, ducklake_table_column_stats TO :"writer";
SELECT format('GRANT INSERT ON %I TO %I', tablename, :'writer')
    FROM pg_tables WHERE schemaname = 'public' AND tablename ~ '^ducklake_inlined_data_[0-9]' \gexec

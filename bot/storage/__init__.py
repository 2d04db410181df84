"""What has to outlive the process: one database, SQLite by default."""

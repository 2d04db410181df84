"""The steps from an empty database to the tables of this release, by Alembic."""

"""Run by Alembic: migrates over the connection, and in the transaction, that it is given."""

from alembic import context

from bot.storage.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    # SQLite can change a table only by making it anew.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()

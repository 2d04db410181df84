"""What several processes share: limits, and what only one may have at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "limits",
        sa.Column("key", sa.String(100), primary_key=True),
        sa.Column("rested_at", sa.Double, nullable=False),
        sa.Column("told", sa.Double, nullable=False),
    )
    op.create_table(
        "claims",
        sa.Column("key", sa.String(100), primary_key=True),
        sa.Column("holder", sa.String(100), nullable=False),
        sa.Column("ends_at", sa.Double, nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("claims")
    op.drop_table("limits")

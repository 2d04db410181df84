"""What a server's admins choose."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "servers",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("dial", sa.Float, nullable=False),
        sa.Column("lyrics", sa.Boolean, nullable=False),
    )
    op.create_table(
        "public_channels",
        sa.Column(
            "server",
            sa.BigInteger,
            sa.ForeignKey("servers.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("channel", sa.BigInteger, primary_key=True, autoincrement=False),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("public_channels")
    op.drop_table("servers")

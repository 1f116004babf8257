"""what every step leaves for the public ledger; by when a custodian answers"""

from alembic import op
import sqlalchemy as sa


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('cases', sa.Column('custodian_due_on', sa.Date(), nullable=True))
    op.add_column('cases', sa.Column('clock_leaves', sa.LargeBinary(length=192), nullable=True))
    op.add_column('steps', sa.Column('locked_digest', sa.LargeBinary(length=113), nullable=True))
    op.create_table(
        'waiting_leaves',
        sa.Column('leaf', sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint('leaf'),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table('waiting_leaves')
    op.drop_column('steps', 'locked_digest')
    op.drop_column('cases', 'clock_leaves')
    op.drop_column('cases', 'custodian_due_on')

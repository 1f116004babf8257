"""cases in which somebody is after the reporter, on top of every list"""

from alembic import op
import sqlalchemy as sa


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        'cases',
        sa.Column('is_urgent', sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_index(
        'cases_on_top',
        'cases',
        ['is_urgent', 'is_handed_over', 'is_answered', 'due_on', 'id'],
    )


def downgrade() -> None:
    op.drop_index('cases_on_top', 'cases')
    op.drop_column('cases', 'is_urgent')

"""whether handed over; what there is, officers have already"""

from alembic import op
import sqlalchemy as sa


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

TABLES = ('cases', 'messages')


def upgrade() -> None:
    for table in TABLES:
        # A row that does not say so is not handed over: that is the safe side.
        op.add_column(
            table,
            sa.Column('is_handed_over', sa.Boolean(), nullable=False, server_default=sa.false()),
        )
        rows = sa.table(table, sa.column('is_handed_over', sa.Boolean()))
        op.execute(sa.update(rows).values(is_handed_over=True))
    op.drop_index('cases_in_order', 'cases')
    op.drop_index('cases_by_status', 'cases')
    op.create_index('cases_in_order', 'cases', ['is_handed_over', 'is_answered', 'due_on', 'id'])
    op.create_index('cases_by_status', 'cases', ['is_handed_over', 'status', 'is_answered', 'due_on', 'id'])
    op.create_index('messages_by_hand_over', 'messages', ['is_handed_over', 'case_id'])


def downgrade() -> None:
    op.drop_index('messages_by_hand_over', 'messages')
    op.drop_index('cases_by_status', 'cases')
    op.drop_index('cases_in_order', 'cases')
    for table in TABLES:
        op.drop_column(table, 'is_handed_over')
    op.create_index('cases_by_status', 'cases', ['status', 'is_answered', 'due_on', 'id'])
    op.create_index('cases_in_order', 'cases', ['is_answered', 'due_on', 'id'])

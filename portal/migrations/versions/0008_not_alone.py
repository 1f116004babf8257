"""sealed entries, the staff list, paper slips, rounds, replies to leaflets"""

from alembic import op
import sqlalchemy as sa


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('cases', sa.Column('note_sheet', sa.LargeBinary(length=1105), nullable=True))
    op.add_column('people', sa.Column('signing_key', sa.LargeBinary(length=32), nullable=True))
    op.create_table(
        'staff',
        sa.Column('id', sa.LargeBinary(length=16), nullable=False),
        sa.Column('number', sa.String(length=30), nullable=False),
        sa.Column('name', sa.String(length=120), nullable=False),
        sa.Column('position', sa.String(length=120), nullable=False),
        sa.Column('unit', sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('number'),
    )
    op.create_table(
        'vouchers',
        sa.Column('id', sa.LargeBinary(length=32), nullable=False),
        sa.Column('batch', sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint('id'),
        sqlite_with_rowid=False,
    )
    op.create_table(
        'rounds',
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('custodian_id', sa.LargeBinary(), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('is_done', sa.Boolean(), nullable=False),
        sa.Column('reached', sa.LargeBinary(length=16), nullable=False),
        sa.Column('locked', sa.LargeBinary(), nullable=True),
        sa.Column('line', sa.String(length=500), nullable=True),
        sa.Column('signature', sa.LargeBinary(length=64), nullable=True),
        sa.ForeignKeyConstraint(['custodian_id'], ['people.id']),
        sa.PrimaryKeyConstraint('number'),
    )
    op.create_table(
        'leaflets',
        sa.Column('locator', sa.LargeBinary(length=32), nullable=False),
        sa.Column('ends_on', sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint('locator'),
        sqlite_with_rowid=False,
    )
    op.create_table(
        'replies',
        sa.Column('id', sa.LargeBinary(length=16), nullable=False),
        sa.Column('locator', sa.LargeBinary(), nullable=False),
        sa.Column('written_on', sa.Date(), nullable=False),
        sa.Column('envelope', sa.LargeBinary(length=4177), nullable=False),
        sa.ForeignKeyConstraint(['locator'], ['leaflets.locator']),
        sa.PrimaryKeyConstraint('id'),
        sqlite_with_rowid=False,
    )
    op.create_index('ix_replies_locator', 'replies', ['locator'])


def downgrade() -> None:
    op.drop_table('replies')
    op.drop_table('leaflets')
    op.drop_table('rounds')
    op.drop_table('vouchers')
    op.drop_table('staff')
    op.drop_column('people', 'signing_key')
    op.drop_column('cases', 'note_sheet')

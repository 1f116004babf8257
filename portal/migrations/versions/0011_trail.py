"""the public trail: leaves, days, cosignatures, papers; the day of a leaf that waits"""

from alembic import op
import sqlalchemy as sa


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('waiting_leaves', sa.Column('day', sa.Date(), nullable=True))
    op.create_table(
        'ledger_leaves',
        sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('leaf', sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint('number'),
        sa.UniqueConstraint('leaf'),
    )
    op.create_table(
        'ledger_nodes',
        sa.Column('level', sa.SmallInteger(), nullable=False),
        sa.Column('place', sa.Integer(), nullable=False),
        sa.Column('hash', sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint('level', 'place'),
        sqlite_with_rowid=False,
    )
    op.create_table(
        'ledger_days',
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('size', sa.Integer(), nullable=False),
        sa.Column('root', sa.LargeBinary(length=32), nullable=False),
        sa.Column('edge', sa.LargeBinary(), nullable=False),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('audit_number', sa.Integer(), nullable=False),
        sa.Column('audit_salt', sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint('day'),
        sa.UniqueConstraint('size'),
    )
    op.create_table(
        'cosignatures',
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('public', sa.LargeBinary(length=32), nullable=False),
        sa.Column('custodian_id', sa.LargeBinary(), nullable=False),
        sa.Column('cosigned_on', sa.Date(), nullable=False),
        sa.Column('line', sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(['day'], ['ledger_days.day']),
        sa.ForeignKeyConstraint(['custodian_id'], ['people.id']),
        sa.PrimaryKeyConstraint('day', 'public'),
    )
    op.create_table(
        'public_papers',
        sa.Column('leaf', sa.LargeBinary(length=32), nullable=False),
        sa.Column('kind', sa.SmallInteger(), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint('leaf'),
    )


def downgrade() -> None:
    op.drop_table('public_papers')
    op.drop_table('cosignatures')
    op.drop_table('ledger_days')
    op.drop_table('ledger_nodes')
    op.drop_table('ledger_leaves')
    op.drop_column('waiting_leaves', 'day')

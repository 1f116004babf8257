"""first tables"""

from alembic import op
import sqlalchemy as sa


revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('actor', sa.String(length=80), nullable=False),
    sa.Column('act', sa.String(length=30), nullable=False),
    sa.Column('case_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('link', sa.LargeBinary(length=32), nullable=False),
    sa.PrimaryKeyConstraint('number')
    )
    op.create_table('burnt_forms',
    sa.Column('id', sa.LargeBinary(length=32), nullable=False),
    sa.Column('sweeps', sa.SmallInteger(), nullable=False),
    sa.Column('locked', sa.LargeBinary(), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sqlite_with_rowid=False
    )
    op.create_table('cases',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('locator', sa.LargeBinary(length=32), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('is_answered', sa.Boolean(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('mask', sa.LargeBinary(length=64), nullable=False),
    sa.Column('reporter_lock', sa.LargeBinary(length=113), nullable=False),
    sa.Column('summary', sa.LargeBinary(length=1105), nullable=False),
    sa.Column('reader_sheet', sa.LargeBinary(length=1105), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('locator'),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.create_index('cases_by_status', ['status', 'is_answered', 'due_on', 'id'], unique=False)
        batch_op.create_index('cases_in_order', ['is_answered', 'due_on', 'id'], unique=False)

    op.create_table('installation',
    sa.Column('id', sa.SmallInteger(), nullable=False),
    sa.Column('instance_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('jobs',
    sa.Column('name', sa.String(length=20), nullable=False),
    sa.Column('slot', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('name')
    )
    op.create_table('login_buckets',
    sa.Column('id', sa.LargeBinary(length=32), nullable=False),
    sa.Column('tokens', sa.Float(), nullable=False),
    sa.Column('filled_at', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('officers',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('login_name', sa.String(length=160), nullable=False),
    sa.Column('position', sa.String(length=120), nullable=False),
    sa.Column('unit', sa.String(length=120), nullable=False),
    sa.Column('is_outside', sa.Boolean(), nullable=False),
    sa.Column('added_on', sa.Date(), nullable=False),
    sa.Column('is_retired', sa.Boolean(), nullable=False),
    sa.Column('recipient', sa.LargeBinary(length=1216), nullable=True),
    sa.Column('locked_identity', sa.LargeBinary(length=162), nullable=True),
    sa.Column('locked_one_time', sa.LargeBinary(length=101), nullable=True),
    sa.Column('last_step', sa.Integer(), nullable=False),
    sa.Column('opened_keys', sa.LargeBinary(), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('login_name')
    )
    op.create_table('invitations',
    sa.Column('id', sa.LargeBinary(length=32), nullable=False),
    sa.Column('officer_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('expires_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['officer_id'], ['officers.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('officer_id')
    )
    op.create_table('messages',
    sa.Column('case_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('chain', sa.String(length=10), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('author', sa.String(length=10), nullable=False),
    sa.Column('written_on', sa.Date(), nullable=False),
    sa.Column('envelope', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], ),
    sa.PrimaryKeyConstraint('case_id', 'chain', 'number'),
    sqlite_with_rowid=False
    )
    op.create_table('sessions',
    sa.Column('id', sa.LargeBinary(length=32), nullable=False),
    sa.Column('owner_id', sa.LargeBinary(length=16), nullable=True),
    sa.Column('sweeps', sa.SmallInteger(), nullable=False),
    sa.Column('locked', sa.LargeBinary(length=2129), nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['officers.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sqlite_with_rowid=False
    )
    op.create_table('steps',
    sa.Column('case_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('taken_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], ),
    sa.PrimaryKeyConstraint('case_id', 'number'),
    sqlite_with_rowid=False
    )
    op.create_table('wraps',
    sa.Column('case_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('holder_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('purpose', sa.String(length=10), nullable=False),
    sa.Column('wrap', sa.LargeBinary(length=1201), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], ),
    sa.ForeignKeyConstraint(['holder_id'], ['officers.id'], ),
    sa.PrimaryKeyConstraint('case_id', 'holder_id', 'purpose'),
    sqlite_with_rowid=False
    )


def downgrade() -> None:
    op.drop_table('wraps')
    op.drop_table('steps')
    op.drop_table('sessions')
    op.drop_table('messages')
    op.drop_table('invitations')
    op.drop_table('officers')
    op.drop_table('login_buckets')
    op.drop_table('jobs')
    op.drop_table('installation')
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.drop_index('cases_in_order')
        batch_op.drop_index('cases_by_status')

    op.drop_table('cases')
    op.drop_table('burnt_forms')
    op.drop_table('audit')

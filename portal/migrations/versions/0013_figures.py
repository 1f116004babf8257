"""what is counted of cases that ended, and figures that are public"""

from alembic import op
import sqlalchemy as sa


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What ended before today was not counted: today's figures say so.
    op.add_column(
        'installation',
        sa.Column('counted_since', sa.Date(), nullable=False, server_default='1970-01-01'),
    )
    op.execute('UPDATE installation SET counted_since = CURRENT_DATE')
    with op.batch_alter_table('installation') as installation:
        installation.alter_column('counted_since', server_default=None)
    op.create_table(
        'tallies',
        sa.Column('id', sa.LargeBinary(length=16), nullable=False),
        sa.Column('holder_id', sa.LargeBinary(), nullable=False),
        sa.Column('period', sa.String(length=7), nullable=False),
        sa.Column('sealed', sa.LargeBinary(length=1282), nullable=False),
        sa.ForeignKeyConstraint(['holder_id'], ['people.id']),
        sa.PrimaryKeyConstraint('id', 'holder_id'),
        sqlite_with_rowid=False,
    )
    op.create_table(
        'figures',
        sa.Column('period', sa.String(length=7), nullable=False),
        sa.Column('body', sa.Text(), nullable=False),
        sa.Column('custodian_id', sa.LargeBinary(), nullable=False),
        sa.Column('signature', sa.LargeBinary(length=64), nullable=False),
        sa.ForeignKeyConstraint(['custodian_id'], ['people.id']),
        sa.PrimaryKeyConstraint('period'),
    )
    op.create_table(
        'improvements',
        sa.Column('period', sa.String(length=7), nullable=False),
        sa.Column('text_id', sa.Text(), nullable=False),
        sa.Column('text_en', sa.Text(), nullable=False),
        sa.Column('changed_on', sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint('period'),
    )


def downgrade() -> None:
    op.drop_table('improvements')
    op.drop_table('figures')
    op.drop_table('tallies')
    op.drop_column('installation', 'counted_since')

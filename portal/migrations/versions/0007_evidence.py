"""files beside texts, a day on which a case goes, a key for backups"""

from alembic import op
import sqlalchemy as sa


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'attachments',
        sa.Column('case_id', sa.LargeBinary(), nullable=False),
        sa.Column('object_id', sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(['case_id'], ['cases.id']),
        sa.PrimaryKeyConstraint('case_id', 'object_id'),
        sa.UniqueConstraint('object_id'),
        sqlite_with_rowid=False,
    )
    op.create_table(
        'uploads',
        sa.Column('id', sa.LargeBinary(length=32), nullable=False),
        sa.Column('object_id', sa.LargeBinary(length=16), nullable=False),
        sa.Column('size', sa.Integer(), nullable=False),
        sa.Column('sweeps', sa.SmallInteger(), nullable=False),
        sa.Column('locked', sa.LargeBinary(length=1105), nullable=False),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('object_id'),
        sqlite_with_rowid=False,
    )
    op.add_column('cases', sa.Column('purge_on', sa.Date(), nullable=True))
    op.create_index('cases_by_purge', 'cases', ['purge_on'])
    op.add_column('messages', sa.Column('manifest', sa.LargeBinary(length=8273), nullable=True))
    op.add_column('installation', sa.Column('backup_recipient', sa.LargeBinary(length=1216), nullable=True))
    op.add_column('installation', sa.Column('backup_made_on', sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column('installation', 'backup_made_on')
    op.drop_column('installation', 'backup_recipient')
    op.drop_column('messages', 'manifest')
    op.drop_index('cases_by_purge', table_name='cases')
    op.drop_column('cases', 'purge_on')
    op.drop_table('uploads')
    op.drop_table('attachments')

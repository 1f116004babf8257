"""whom an act of an administrator was about"""

from alembic import op
import sqlalchemy as sa


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('audit', sa.Column('concerns', sa.String(length=80), nullable=True))


def downgrade() -> None:
    op.drop_column('audit', 'concerns')

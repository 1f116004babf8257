"""what an officer has seen; empty: all there is, counted at the next look"""

from alembic import op
import sqlalchemy as sa


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('officers', sa.Column('seen_counts', sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column('officers', 'seen_counts')

"""the day an officer retired, in place of a mark; who had the mark retired unseen"""

from alembic import op
import sqlalchemy as sa


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

OFFICERS = sa.table(
    'officers',
    sa.column('added_on', sa.Date()),
    sa.column('is_retired', sa.Boolean()),
    sa.column('retired_on', sa.Date()),
)


def upgrade() -> None:
    op.add_column('officers', sa.Column('retired_on', sa.Date(), nullable=True))
    # No version wrote a day down; the first it can have been, so that it is no news.
    retired = sa.update(OFFICERS).where(OFFICERS.c.is_retired.is_(True))
    op.execute(retired.values(retired_on=OFFICERS.c.added_on))
    op.drop_column('officers', 'is_retired')


def downgrade() -> None:
    # A row that does not say so is not retired, as it was when a person was added.
    op.add_column(
        'officers',
        sa.Column('is_retired', sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    retired = sa.update(OFFICERS).where(OFFICERS.c.retired_on.is_not(None))
    op.execute(retired.values(is_retired=True))
    op.drop_column('officers', 'retired_on')

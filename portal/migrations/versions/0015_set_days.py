"""the day that a custodian set, which a closing or a hurry does not empty"""

from alembic import op
import sqlalchemy as sa


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

# Where a custodian gave it back, and nothing since put another day in its place.
SET_DAYS = """
UPDATE cases SET set_due_on = due_on WHERE EXISTS (
    SELECT 1 FROM steps AS back WHERE back.case_id = cases.id AND back.kind = 'returned'
    AND NOT EXISTS (
        SELECT 1 FROM steps AS later
        WHERE later.case_id = cases.id AND later.number > back.number AND later.kind IN
        ('taken-over', 'trouble', 'closed', 'not-actionable', 'withdrawn')
    )
)
"""


def upgrade() -> None:
    op.add_column('cases', sa.Column('set_due_on', sa.Date(), nullable=True))
    op.execute(SET_DAYS)


def downgrade() -> None:
    op.drop_column('cases', 'set_due_on')

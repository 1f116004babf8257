"""the Integrity Zone: declaration, statement, reports, predicate, counts of the pact"""

from alembic import op
import sqlalchemy as sa


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'zone_declarations',
        sa.Column('id', sa.SmallInteger(), nullable=False),
        sa.Column('text_id', sa.String(length=1000), nullable=False),
        sa.Column('text_en', sa.String(length=1000), nullable=False),
        sa.Column('place', sa.String(length=120), nullable=False),
        sa.Column('declared_on', sa.Date(), nullable=False),
        sa.Column('recorded_on', sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_table(
        'zone_statements',
        sa.Column('id', sa.SmallInteger(), nullable=False),
        sa.Column('name', sa.String(length=80), nullable=False),
        sa.Column('position', sa.String(length=120), nullable=False),
        sa.Column('signed_on', sa.Date(), nullable=False),
        sa.Column('recorded_on', sa.Date(), nullable=False),
        sa.Column('taken_off_on', sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_table(
        'zone_promises',
        sa.Column('promise', sa.String(length=40), nullable=False),
        sa.Column('text_id', sa.String(length=400), nullable=False),
        sa.Column('text_en', sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint('promise'),
    )
    op.create_table(
        'zone_reports',
        sa.Column('area', sa.String(length=20), nullable=False),
        sa.Column('text_id', sa.String(length=500), nullable=False),
        sa.Column('text_en', sa.String(length=500), nullable=False),
        sa.Column('recorded_on', sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint('area'),
    )
    op.create_table(
        'zone_predicates',
        sa.Column('id', sa.SmallInteger(), nullable=False),
        sa.Column('predicate', sa.String(length=10), nullable=False),
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('recorded_on', sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_table(
        'pact_units',
        sa.Column('unit', sa.String(length=120), nullable=False),
        sa.Column('staff', sa.Integer(), nullable=False),
        sa.Column('signed', sa.Integer(), nullable=False),
        sa.Column('counted_on', sa.Date(), nullable=False),
        sa.CheckConstraint(
            'signed >= 0 AND signed <= staff', name='no_more_than_there_are'
        ),
        sa.PrimaryKeyConstraint('unit'),
    )


def downgrade() -> None:
    for table in (
        'pact_units',
        'zone_predicates',
        'zone_reports',
        'zone_promises',
        'zone_statements',
        'zone_declarations',
    ):
        op.drop_table(table)

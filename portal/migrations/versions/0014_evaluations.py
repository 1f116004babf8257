"""evaluations with their findings, and people who evaluate"""

from alembic import op
import sqlalchemy as sa


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

SOME_ROLE = 'is_officer OR is_custodian OR is_administrator'
CHECKS = {
    'some_role_each': f'{SOME_ROLE} OR is_evaluator',
    'evaluator_alone': f'NOT (is_evaluator AND ({SOME_ROLE}))',
    'evaluator_until_a_day': 'is_evaluator = (admitted_until IS NOT NULL)',
}
PEOPLE = sa.table(
    'people', sa.column('id', sa.LargeBinary()), sa.column('is_evaluator', sa.Boolean())
)
# What evaluators are named in, who never are in an older version.
HOLDINGS = {'sessions': 'owner_id', 'invitations': 'person_id', 'devices': 'person_id'}


def upgrade() -> None:
    with op.batch_alter_table('people', recreate='always') as people:
        people.drop_constraint('some_role_each', type_='check')
        people.add_column(
            sa.Column('is_evaluator', sa.Boolean(), nullable=False, server_default=sa.false())
        )
        people.add_column(sa.Column('admitted_until', sa.Date(), nullable=True))
        for name, condition in CHECKS.items():
            people.create_check_constraint(name, condition)
    op.create_table(
        'evaluations',
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=False),
        sa.Column('is_fixed', sa.Boolean(), nullable=False),
        sa.Column('done_on', sa.Date(), nullable=True),
        sa.Column('note', sa.String(length=1000), nullable=False),
        sa.PrimaryKeyConstraint('number'),
        sa.UniqueConstraint('due_on'),
    )
    op.create_table(
        'evaluation_findings',
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('found_on', sa.Date(), nullable=False),
        sa.Column('text', sa.String(length=500), nullable=False),
        sa.Column('owner', sa.String(length=120), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=False),
        sa.Column('closed_on', sa.Date(), nullable=True),
        sa.Column('proof', sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint('number'),
    )


def downgrade() -> None:
    op.drop_table('evaluation_findings')
    op.drop_table('evaluations')
    evaluators = sa.select(PEOPLE.c.id).where(PEOPLE.c.is_evaluator)
    for table, column in HOLDINGS.items():
        rows = sa.table(table, sa.column(column, sa.LargeBinary()))
        op.execute(sa.delete(rows).where(rows.c[column].in_(evaluators)))
    op.execute(sa.delete(PEOPLE).where(PEOPLE.c.is_evaluator))
    with op.batch_alter_table('people', recreate='always') as people:
        for name in CHECKS:
            people.drop_constraint(name, type_='check')
        people.drop_column('is_evaluator')
        people.drop_column('admitted_until')
        people.create_check_constraint('some_role_each', SOME_ROLE)

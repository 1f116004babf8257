"""people in roles, and what belongs to their keys; officers are among them"""

from typing import Any

from alembic import op
import sqlalchemy as sa


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

CHECKS = {
    'officer_or_custodian': 'NOT (is_officer AND is_custodian)',
    'outside_is_of_officers': 'is_officer OR NOT is_outside',
    'some_role_each': 'is_officer OR is_custodian OR is_administrator',
}
ROLES = {'is_officer': sa.true(), 'is_custodian': sa.false(), 'is_administrator': sa.false()}
MORE: dict[str, sa.types.TypeEngine[Any]] = {
    'key_since': sa.Date(),
    'locked_recovery_codes': sa.LargeBinary(),
    'recovery_wrap': sa.LargeBinary(1169),
    'recovery_fingerprint': sa.String(40),
    'next_recipient': sa.LargeBinary(1216),
    'next_locked_identity': sa.LargeBinary(162),
    'next_locked_seed': sa.LargeBinary(),
    'locked_conflicts': sa.LargeBinary(),
    'conflicts_on': sa.Date(),
    'mail_address': sa.String(254),
}
OF_RECOVERY: dict[str, sa.types.TypeEngine[Any]] = {
    'recovery_recipient': sa.LargeBinary(1216),
    'recovery_made_on': sa.Date(),
    'recovery_used_on': sa.Date(),
}
PEOPLE = sa.table(
    'people',
    sa.column('id', sa.LargeBinary()),
    sa.column('added_on', sa.Date()),
    sa.column('recipient', sa.LargeBinary()),
    sa.column('key_since', sa.Date()),
    sa.column('is_officer', sa.Boolean()),
)
# What only those are named in who were no officers, and never are in an older version.
HOLDINGS = {'wraps': 'holder_id', 'sessions': 'owner_id', 'invitations': 'officer_id'}


def upgrade() -> None:
    op.rename_table('officers', 'people')
    op.execute('ALTER TABLE invitations RENAME COLUMN officer_id TO person_id')
    with op.batch_alter_table('people', recreate='always') as people:
        for name, default in ROLES.items():
            people.add_column(sa.Column(name, sa.Boolean(), nullable=False, server_default=default))
        for name, kind in MORE.items():
            people.add_column(sa.Column(name, kind, nullable=True))
        for name, condition in CHECKS.items():
            people.create_check_constraint(name, condition)
    has_key = sa.update(PEOPLE).where(PEOPLE.c.recipient.is_not(None))
    op.execute(has_key.values(key_since=PEOPLE.c.added_on))
    for name, kind in OF_RECOVERY.items():
        op.add_column('installation', sa.Column(name, kind, nullable=True))
    op.create_table('devices',
    sa.Column('id', sa.LargeBinary(length=32), nullable=False),
    sa.Column('person_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('key_hand_overs',
    sa.Column('giver_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('receiver_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('reached', sa.LargeBinary(length=16), nullable=False),
    sa.Column('is_done', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['giver_id'], ['people.id'], ),
    sa.ForeignKeyConstraint(['receiver_id'], ['people.id'], ),
    sa.PrimaryKeyConstraint('giver_id', 'receiver_id')
    )


def downgrade() -> None:
    op.drop_table('key_hand_overs')
    op.drop_table('devices')
    for name in OF_RECOVERY:
        op.drop_column('installation', name)
    op.execute('ALTER TABLE invitations RENAME COLUMN person_id TO officer_id')
    wraps = sa.table('wraps', sa.column('purpose', sa.String()))
    op.execute(sa.delete(wraps).where(wraps.c.purpose != 'case'))
    no_officers = sa.select(PEOPLE.c.id).where(~PEOPLE.c.is_officer)
    for table, column in HOLDINGS.items():
        rows = sa.table(table, sa.column(column, sa.LargeBinary()))
        op.execute(sa.delete(rows).where(rows.c[column].in_(no_officers)))
    op.execute(sa.delete(PEOPLE).where(~PEOPLE.c.is_officer))
    with op.batch_alter_table('people', recreate='always') as people:
        for name in CHECKS:
            people.drop_constraint(name, type_='check')
        for name in (*ROLES, *MORE):
            people.drop_column(name)
    op.rename_table('people', 'officers')

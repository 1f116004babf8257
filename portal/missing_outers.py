"""What should open a case to the custodians, and is not there.

Outers are rows: whoever writes the database can delete them, so that a case which the
clock opened lies open before nobody. Its step stays, and the two together tell. Others
are missing without anybody's guilt: a custodian has joined, or the gate's secret was
lost, and no officer has opened the case since (`outers.complete` makes them then).
"""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.cases import PURPOSE_ASKED, PURPOSE_OPEN
from portal.courses import OPENING
from portal.models import Case, Step, Wrap
from portal.roster import custodian_ids
from portal.steps import ESCALATED

_OPENS = Wrap.purpose.in_((PURPOSE_OPEN, PURPOSE_ASKED))


def lacks_one(session: Session, custodian_id: bytes) -> bool:
    """Tell whether a day was missed in a case that lacks what is this custodian's.

    Who is kept from a case has an outer there like everybody else: it tells nothing of
    what reporters chose. Of what is over nothing is told.
    """
    mine = _OPENS & (Wrap.holder_id == custodian_id)
    has_mine = select(Wrap.case_id).where(Wrap.case_id == Case.id, mine).exists()
    query = _opened(ESCALATED).where(~has_mine).limit(1)
    return session.scalars(query).first() is not None


def is_out_of_reach(session: Session, case_id: bytes) -> bool:
    """Tell whether no custodian at work has an outer of a case that should be open."""
    query = _out_of_reach(session).where(Case.id == case_id)
    return session.scalars(query).first() is not None


def is_any_out_of_reach(session: Session) -> bool:
    """Tell whether there is such a case, where there are custodians at all."""
    if not custodian_ids(session):
        return False
    return session.scalars(_out_of_reach(session).limit(1)).first() is not None


def _out_of_reach(session: Session) -> Select[bytes]:
    theirs = _OPENS & Wrap.holder_id.in_(custodian_ids(session))
    has_one = select(Wrap.case_id).where(Wrap.case_id == Case.id, theirs).exists()
    return _opened(*OPENING).where(~has_one)


def _opened(*kinds: str) -> Select[bytes]:
    """Return the cases that go on and have such a step."""
    was_opened = select(Step.number).where(
        Step.case_id == Case.id, Step.kind.in_(kinds)
    )
    return select(Case.id).where(Case.closed_on.is_(None), was_opened.exists())

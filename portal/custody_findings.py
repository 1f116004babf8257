"""What is wrong with what custodians should be able to open."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from portal.findings import Finding, fault
from portal.missing_outers import is_any_out_of_reach


def find_in_custody(session: Session) -> Iterator[Finding]:
    """Return what is found; neither which cases, nor how many."""
    if is_any_out_of_reach(session):
        yield fault(
            "A case that should be open to a custodian is open to none.",
            "Let officers open every case that is overdue: it is made anew then. If no "
            "custodian is new and the gate's secret is that of before, somebody "
            "removed rows: compare with a backup, and tell the custodians.",
        )

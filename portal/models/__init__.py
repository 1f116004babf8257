"""The rows: columns, constraints, and why a doubtful column is there.

What stands in clear of a case is listed in docs/architecture.md, and a test
compares that list with these columns. Nothing that a reporter's request writes
knows a time finer than a day, a counter across cases, or an order of arrival:
its tables have random keys and, on SQLite, no rowid.
"""

from portal.models.cases import (
    Attachment,
    Case,
    Message,
    Step,
    Upload,
    WaitingLeaf,
    Wrap,
)
from portal.models.custody import Leaflet, Reply, Round, Voucher
from portal.models.evaluations import Evaluation, EvaluationFinding
from portal.models.figures import Improvement, KeptTally, PublicFigures
from portal.models.ledger import (
    Cosignature,
    LedgerDay,
    LedgerLeaf,
    LedgerNode,
    PublicPaper,
)
from portal.models.people import (
    Device,
    Installation,
    Invitation,
    KeyHandOver,
    Person,
    StaffMember,
)
from portal.models.tables import NO_DAY, Base
from portal.models.visits import AuditEntry, BurntForm, Job, LoginBucket, Session
from portal.models.zone import (
    PactUnit,
    ZoneDeclaration,
    ZonePredicate,
    ZonePromise,
    ZoneReport,
    ZoneStatement,
)

__all__ = [
    "NO_DAY",
    "Attachment",
    "AuditEntry",
    "Base",
    "BurntForm",
    "Case",
    "Cosignature",
    "Device",
    "Evaluation",
    "EvaluationFinding",
    "Improvement",
    "Installation",
    "Invitation",
    "Job",
    "KeptTally",
    "KeyHandOver",
    "Leaflet",
    "LedgerDay",
    "LedgerLeaf",
    "LedgerNode",
    "LoginBucket",
    "Message",
    "PactUnit",
    "Person",
    "PublicFigures",
    "PublicPaper",
    "Reply",
    "Round",
    "Session",
    "StaffMember",
    "Step",
    "Upload",
    "Voucher",
    "WaitingLeaf",
    "Wrap",
    "ZoneDeclaration",
    "ZonePredicate",
    "ZonePromise",
    "ZoneReport",
    "ZoneStatement",
]

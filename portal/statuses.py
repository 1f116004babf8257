"""The life of a case: statuses, outcomes, and the ONE table of moves."""

from enum import StrEnum

from portal.deadlines import DeadlineKind

RECEIVED = "received"
"""The step with which something is a report, and days begin to count."""


class CaseStatus(StrEnum):
    """Where a case stands, in the order of its life."""

    SEALED = "sealed"
    """No status: what is kept is no report, or nobody has taken it up yet."""
    SUBMITTED = "submitted"
    ACKNOWLEDGED = "acknowledged"
    VERIFIED = "verified"
    MORE_INFORMATION = "more-information"
    ASSESSED = "assessed"
    ADDRESSED = "addressed"
    REFERRED = "referred"
    CLOSED = "closed"
    NOT_ACTIONABLE = "not-actionable"
    WITHDRAWN = "withdrawn"

    @property
    def is_over(self) -> bool:
        """Nothing is owed any more."""
        return self in _OVER

    @property
    def needs_message(self) -> bool:
        """The reporter is owed plain words with it."""
        return self in {CaseStatus.CLOSED, CaseStatus.REFERRED}


class Outcome(StrEnum):
    """How a case ended, as officers keep it (internal)."""

    PROVEN_DISCIPLINE = "proven-discipline"
    PROVEN_COACHING = "proven-coaching"
    PARTLY_PROVEN = "partly-proven"
    SYSTEM_FIXED = "system-fixed"
    SETTLED_BY_REMINDER = "settled-by-reminder"
    NOT_PROVEN = "not-proven"
    INSUFFICIENT_EVIDENCE = "insufficient-evidence"
    OUTSIDE_REMIT = "outside-remit"
    DUPLICATE = "duplicate"
    BAD_FAITH = "bad-faith"
    """A second officer confirms it."""

    @property
    def shown_as(self) -> "OutcomeClass":
        """What the reporter sees: a class, never a named person's sanction."""
        return _CLASSES[self]

    @classmethod
    def shown(cls, shown_as: "OutcomeClass") -> "Outcome":
        """Return the first that is shown so: where no more than the class is known."""
        return next(one for one in cls if one.shown_as is shown_as)


class OutcomeClass(StrEnum):
    """How a case ended, as its reporter sees it."""

    PROVEN = "proven"
    PARTLY = "partly"
    IMPROVED = "improved"
    NOT_PROVEN = "not-proven"
    OUTSIDE = "outside"
    DUPLICATE = "duplicate"


class Author(StrEnum):
    """Who wrote a message or took a step."""

    REPORTER = "reporter"
    OFFICER = "officer"
    CUSTODIAN = "custodian"


_OVER = {CaseStatus.CLOSED, CaseStatus.NOT_ACTIONABLE, CaseStatus.WITHDRAWN}

_CLASSES = {
    Outcome.PROVEN_DISCIPLINE: OutcomeClass.PROVEN,
    Outcome.PROVEN_COACHING: OutcomeClass.PROVEN,
    Outcome.PARTLY_PROVEN: OutcomeClass.PARTLY,
    Outcome.SYSTEM_FIXED: OutcomeClass.IMPROVED,
    Outcome.SETTLED_BY_REMINDER: OutcomeClass.IMPROVED,
    Outcome.NOT_PROVEN: OutcomeClass.NOT_PROVEN,
    Outcome.INSUFFICIENT_EVIDENCE: OutcomeClass.NOT_PROVEN,
    Outcome.OUTSIDE_REMIT: OutcomeClass.OUTSIDE,
    Outcome.DUPLICATE: OutcomeClass.DUPLICATE,
    Outcome.BAD_FAITH: OutcomeClass.NOT_PROVEN,
}

_S = CaseStatus
_FORWARD = {
    # Held, and opened by a round: an officer takes it up.
    (_S.SEALED, _S.ACKNOWLEDGED),
    (_S.SUBMITTED, _S.ACKNOWLEDGED),
    (_S.ACKNOWLEDGED, _S.VERIFIED),
    (_S.VERIFIED, _S.ASSESSED),
    (_S.ASSESSED, _S.ADDRESSED),
    (_S.ASSESSED, _S.REFERRED),
    (_S.REFERRED, _S.ADDRESSED),
}
_ASKABLE = (_S.ACKNOWLEDGED, _S.VERIFIED, _S.ASSESSED, _S.ADDRESSED)
_ENDABLE = (*_ASKABLE, _S.MORE_INFORMATION, _S.REFERRED)
_TO_AND_FRO = {(here, _S.MORE_INFORMATION) for here in _ASKABLE} | {
    (_S.MORE_INFORMATION, here) for here in _ASKABLE
}
_ENDS = {(here, end) for here in _ENDABLE for end in (_S.CLOSED, _S.NOT_ACTIONABLE)}
_REOPENING = {(_S.CLOSED, _S.ADDRESSED), (_S.NOT_ACTIONABLE, _S.ADDRESSED)}
_WITHDRAWING = {(here, _S.WITHDRAWN) for here in (_S.SUBMITTED, *_ENDABLE)}

MOVES: dict[tuple[CaseStatus, CaseStatus], Author] = {
    **dict.fromkeys(_FORWARD | _TO_AND_FRO | _ENDS | _REOPENING, Author.OFFICER),
    **dict.fromkeys(_WITHDRAWING, Author.REPORTER),
    (_S.SEALED, _S.SUBMITTED): Author.REPORTER,
}
"""The ONE table: (from, to) -> who."""


def moves_from(status: CaseStatus, author: Author) -> tuple[CaseStatus, ...]:
    """Return where *author* may lead a case from *status*, in order of life."""
    return tuple(to for to in CaseStatus if may_move(status, to, author))


def may_move(here: CaseStatus, there: CaseStatus, author: Author) -> bool:
    """Tell whether the table lets *author* lead a case from *here* to *there*.

    A custodian who has a case leads it wherever officers may; what is sealed, nowhere.
    """
    who = MOVES.get((here, there))
    if author is Author.CUSTODIAN:
        return here is not CaseStatus.SEALED and who is Author.OFFICER
    return who is author


def is_reopening(here: CaseStatus, there: CaseStatus) -> bool:
    """Tell whether the move takes up an ended case again."""
    return (here, there) in _REOPENING


def owed(status: CaseStatus, *, is_answered: bool) -> DeadlineKind | None:
    """Return what an officer owes next; *is_answered*: one wrote to the reporter."""
    if status.is_over or status is CaseStatus.SEALED:
        return None
    if status is CaseStatus.SUBMITTED:
        return DeadlineKind.ACKNOWLEDGE
    if status is CaseStatus.ACKNOWLEDGED:
        return DeadlineKind.VERIFY
    return DeadlineKind.FEEDBACK if is_answered else DeadlineKind.FIRST_ANSWER

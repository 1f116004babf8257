"""Why a file comes back as it was sent.

NotCleanError       it is broken, or a trap: nobody is shown what could not be read
NotCleanableError   it is of a kind that is not cleaned, or the program is missing
"""

from portal.file_kinds import Finding


class NotCleanError(Exception):
    """The file could not be cleaned: it is malformed, or too much once unpacked."""


class NotCleanableError(Exception):
    """A file of this kind is not cleaned; what is known of it stands in *findings*."""

    def __init__(self, findings: frozenset[Finding] = frozenset()) -> None:
        super().__init__()
        self.findings = findings

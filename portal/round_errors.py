"""Why a round that was carried away is not opened, or not taken back.

    LurusError
    ├── OfficerError
    │   ├── NotHeardError        no officer has heard how the custodian's key ends
    │   └── NoSigningKeyError    the custodian has not logged in since it is kept
    └── RoundFileError
        ├── BackdatedRoundError    the clock stands before a round
        ├── NotAnExportError       something else, or a byte of it is another
        ├── ExportToComeError      of a day that has not come
        ├── OtherPassphraseError   of the custodian whose round it is
        ├── NotAnAnswerError       something else, or cut
        ├── ForeignAnswerError     of another installation
        ├── NoOpenRoundError       no round of that number is carried away
        ├── RoundOverError         its answer was taken before
        ├── OtherCustodianError    the round is another custodian's
        ├── UnsignedAnswerError    not signed with the key that is registered
        └── OtherExportError       to another export than the portal made

The sentences are for who sits at the terminal, and hold nothing that a person typed.
"""

from portal.errors import LurusError, OfficerError


class RoundFileError(LurusError):
    """The file of a round is refused."""


class BackdatedRoundError(RoundFileError):
    """A round bears a later day than today: the clock was set back."""


class NotAnExportError(RoundFileError):
    """This is no exported round, or its copy went wrong: copy it anew."""


class ExportToComeError(RoundFileError):
    """The export bears a day that has not come on this machine: a clock is wrong, or somebody would open entries too early."""


class OtherPassphraseError(RoundFileError):
    """That is not the passphrase of the day of the export."""


class NotAnAnswerError(RoundFileError):
    """This is no answer to an exported round, or it was cut."""


class ForeignAnswerError(RoundFileError):
    """The answer is to a round of another installation."""


class NoOpenRoundError(RoundFileError):
    """No round of that number is carried away: it was exported anew since, or begun on the portal."""


class RoundOverError(RoundFileError):
    """That round is over: an answer to it was taken before, and none is taken twice."""


class OtherCustodianError(RoundFileError):
    """The round was exported for another custodian than the one who answers."""


class UnsignedAnswerError(RoundFileError):
    """The answer was changed, or is not signed with the key that this custodian has now."""


class OtherExportError(RoundFileError):
    """The answer is to an export that this portal did not make so: its file was changed on the way."""


class NotHeardError(OfficerError):
    """No officer has heard how this custodian's key ends; nothing is sealed to it."""


class NoSigningKeyError(OfficerError):
    """Nothing is registered that this custodian's signature could be checked with: the custodian logs in to the portal once, then export again."""

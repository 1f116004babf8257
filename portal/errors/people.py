"""People at work, their keys, and how a key comes back."""

from portal.errors.installation import LurusError


class OfficerError(LurusError):
    """Something about an officer does not hold."""


class NoSuchInvitationError(OfficerError):
    """The invitation is unknown, used or too old."""


class NameTakenError(OfficerError):
    """There is or was an officer of that name; add something to it."""


class NoSuchPersonError(OfficerError):
    """Nobody of that name was ever invited; `lurus people list` shows all names."""


class RetiredBeforeError(OfficerError):
    """This officer has retired already."""


class InvitedBeforeError(OfficerError):
    """Somebody of that name is invited already; renew that invitation instead."""


class OfficerAndCustodianError(OfficerError):
    """Nobody is officer and custodian: who answers does not watch over the answering."""


class EvaluatorAloneError(OfficerError):
    """Who evaluates is nothing else here, and is let in until a day within a year."""


class NotAdministratorError(OfficerError):
    """Only an administrator may do this."""


class ChangedBeforeError(OfficerError):
    """This was changed already."""


class NoOtherRoleError(OfficerError):
    """This person is nothing but an administrator; retire the account instead."""


class LastAdministratorError(OfficerError):
    """The last administrator stays: `lurus people invite NAME --administrator` first, and once NAME enrolled, retire."""


class NotEnrolledError(OfficerError):
    """This person has not enrolled yet; invite once more with `lurus people invite`."""


class LastOfficerError(OfficerError):
    """The last officer stays: `lurus people invite NAME` first, and once NAME enrolled, retire."""


class TooManyOfficersError(OfficerError):
    """There are as many officers as a reader sheet can name; retire one first."""


class KeyChangedError(OfficerError):
    """The key was changed meanwhile; log in again."""


class RotationBegunError(OfficerError):
    """A change of this key was begun already."""


class NoRotationError(OfficerError):
    """No change of this key is under way."""


class NoHandOverError(OfficerError):
    """Nothing is to be handed over to this person."""


class OtherFingerprintError(OfficerError):
    """This is not how the fingerprint of the new key ends."""


class WrongPassphraseError(OfficerError):
    """That is not the present passphrase."""


class AccountChangedError(OfficerError):
    """Passphrase or key was changed meanwhile; all sessions have ended."""


class RefusedLoginError(OfficerError):
    """Name, passphrase and one-time code do not belong together."""


class NoRoundError(OfficerError):
    """Nobody has heard how this custodian's key ends, or the last round is of later."""


class RecoveryError(OfficerError):
    """A key was not recovered."""


class NoRecoveryWrapError(RecoveryError):
    """Nothing of this person is kept for the shares: an officer's key is, from the first login after they were made."""


class AbandonedError(RecoveryError):
    """No share was given; nothing was opened and nothing is changed."""

    def __init__(self, needed: int | None, given: int) -> None:
        too_few = f"{needed} shares are needed, {given} given: nothing was opened."
        super().__init__(None if needed is None else too_few)


class ForeignSharesError(RecoveryError):
    """These shares belong to each other, but to another recovery key than this person's."""


class NotRecoverableError(RecoveryError):
    """The shares are right; what is kept of this person is not as it was made. Take an earlier copy of the database."""


class OtherKeyError(RecoveryError):
    """The words on paper are a key, and not this person's."""

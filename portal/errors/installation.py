"""The portal as a whole: its settings, its store, its copies, and how much it takes."""


class LurusError(Exception):
    """The portal refused to do something."""

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or (type(self).__doc__ or "").split("\n")[0])


class SettingsError(LurusError):
    """The settings file cannot be used."""

    def __init__(self, *slips: str) -> None:
        """Take everything that is wrong, a sentence each."""
        super().__init__(" ".join(slips))
        self.slips = slips


class DataFileError(LurusError):
    """A data file cannot be used."""


class NoSuchCategoryError(DataFileError):
    """There is no such category."""


class StoreUnavailableError(LurusError):
    """The database is locked, read-only, full or out of reach; nothing was stored."""


class OlderSchemaError(LurusError):
    """The database has an older schema; run `lurus upgrade`."""


class NewerSchemaError(LurusError):
    """The database has a newer schema; install the newer version again, or go back."""


class UpgradeError(LurusError):
    """The database was not upgraded."""


class BackupError(LurusError):
    """No backup was made."""


class NoBackupKeyError(BackupError):
    """There is no backup key yet, and nothing to seal a backup to: `lurus backup-key` makes it, on one paper."""


class RestoreError(LurusError):
    """Nothing was restored."""


class NotABackupError(RestoreError):
    """This file is no backup of a Lurus portal; nothing was restored."""


class OtherVersionError(RestoreError):
    """This backup was made by another version of the program: install that one, or a newer; nothing was restored."""


class BrokenBackupError(RestoreError):
    """This backup is not as it was made: changed, cut short, or added to. Nothing was restored; take another."""


class OtherBackupKeyError(RestoreError):
    """This backup is sealed to another backup key than the one on this paper."""


class OtherGateError(RestoreError):
    """This backup was made behind another gate: the paper of its secret is another installation's or an older one, or this backup was not made by your portal. Nothing was restored."""


class NotEmptyError(RestoreError):
    """There is an installation in this folder already: a backup is restored into an empty one alone."""


class NoListError(RestoreError):
    """Nothing says what was destroyed since."""


class PortTakenError(LurusError):
    """The port is in use already."""


class NotAdmittedError(LurusError):
    """Too much at once; the same request is welcome later."""


class TooSlowError(LurusError):
    """What was sent came too slowly."""

"""What is refused about a file, or found wrong with one."""

from portal.errors.installation import LurusError


class FileError(LurusError):
    """A file cannot be had, or not be sent."""


class CutShortError(FileError):
    """The cleaned file broke off; nothing of it counts."""


class NoPictureError(FileError):
    """No picture can be made of this file, or not of this page."""


class NoSuchFileError(FileError):
    """There is no such file, or not for this person."""


class MissingObjectError(FileError):
    """A row names an object that the store lacks."""


class UploadGoneError(FileError):
    """A received file is not there any more, or went with another form."""

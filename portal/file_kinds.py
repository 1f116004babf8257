"""What a file is, as its bytes say, and what was found in it."""

from enum import StrEnum


class FileKind(StrEnum):
    """What a file is; its name and the type that a browser sends are not believed."""

    JPEG = "jpeg"
    PNG = "png"
    GIF = "gif"
    WEBP = "webp"
    TIFF = "tiff"
    HEIC = "heic"
    PDF = "pdf"
    MP3 = "mp3"
    OGG = "ogg"
    M4A = "m4a"
    WAV = "wav"
    MP4 = "mp4"
    MOV = "mov"
    WEBM = "webm"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    ODT = "odt"
    TEXT = "text"
    ARCHIVE = "archive"
    EXECUTABLE = "executable"
    OTHER = "other"

    @property
    def is_picture(self) -> bool:
        """Tell whether it is a still picture."""
        return self in _PICTURES

    @property
    def is_sound(self) -> bool:
        """Tell whether voices may be heard in it."""
        return self in _SOUNDS

    @property
    def is_cleanable(self) -> bool:
        """Tell whether files of that kind are cleaned, unless one is damaged."""
        return self in _SAFE

    @property
    def suffix(self) -> str:
        """Return how a file of that kind ends in a neutral name; `bin` where none is safe."""
        return _SUFFIXES.get(self, self.value if self in _SAFE else "bin")


class Finding(StrEnum):
    """What whoever sends or opens a file should know of it."""

    CLEANED = "cleaned"
    """What names author, device and place was taken out."""
    AS_SENT = "as-sent"
    """Nothing was taken out, by the choice of who sent it."""
    COMMENTS = "comments"
    TRACKED_CHANGES = "tracked-changes"
    MACROS = "macros"
    EXECUTABLE = "executable"
    ENCRYPTED = "encrypted"
    VOICE = "voice"
    """A voice can be recognised, however the file was cleaned."""
    EMBEDDED = "embedded"
    """Something stands in the document that was not looked into."""
    EXTERNAL_LINKS = "external-links"
    """It names files or addresses outside of it, or fetches from them."""
    NOT_LOOKED_INTO = "not-looked-into"
    """An archive: nothing in it was examined or cleaned."""
    NO_FFMPEG = "no-ffmpeg"
    """Sound and moving pictures are not cleaned here: the program is missing."""
    TOO_LARGE = "too-large"
    """It could not be cleaned: too many pixels, frames, pages or bytes."""
    BUSY = "busy"
    """It could not be cleaned now: other files are being cleaned."""


_PICTURES = frozenset(
    {
        FileKind.JPEG,
        FileKind.PNG,
        FileKind.GIF,
        FileKind.WEBP,
        FileKind.TIFF,
        FileKind.HEIC,
    }
)
_SOUNDS = frozenset(
    {
        FileKind.MP3,
        FileKind.OGG,
        FileKind.M4A,
        FileKind.WAV,
        FileKind.MP4,
        FileKind.MOV,
        FileKind.WEBM,
    }
)
_DOCUMENTS = frozenset(
    {FileKind.PDF, FileKind.DOCX, FileKind.XLSX, FileKind.PPTX, FileKind.ODT}
)
_SAFE = _PICTURES | _SOUNDS | _DOCUMENTS
_SUFFIXES = {FileKind.JPEG: "jpg", FileKind.TEXT: "txt"}

"""The files that a form brought: shown, decided on, and sent along.

Nothing is sent that its writer has not seen: what could not be cleaned needs a
decision, and what was found in a file is told first (docs/decisions/0070).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from crypto import holds_code, holds_window
from portal import uploads
from portal.file_kinds import Finding
from portal.forms import EvidenceForm
from portal.manifests import AttachedFile
from portal.receptions import FileRefusal, WhyNot
from portal.runtime import runtime
from portal.uploads import ReceivedFile
from portal.views.languages import gettext
from portal.views.languages import gettext as _
from portal.views.receiving import judged_again, lost_count, received, refusals
from portal.views.request import db
from portal.views.words import size, word

FIELD = "evidence"
DECISIONS = "as_sent"


def _l(text: str) -> str:
    """Mark a text for the catalogues; it is translated when it is shown."""
    return text


_TOLD: dict[Finding, str] = {
    Finding.CLEANED: _l("What names its author, device, place and time was taken out."),
    Finding.COMMENTS: _l("Comments stand in it, often with names. They stay in it."),
    Finding.TRACKED_CHANGES: _l(
        "It keeps who changed what, and when. That stays in it."
    ),
    Finding.MACROS: _l("Small programs (macros) are in it. They stay in it."),
    Finding.EXECUTABLE: _l("It is a program. Officers are warned not to start it."),
    Finding.ENCRYPTED: _l("It has a password: officers cannot open it without that."),
    Finding.EMBEDDED: _l("Another file stands inside it. We did not look into that."),
    Finding.EXTERNAL_LINKS: _l("It names other files or addresses. They stay in it."),
    Finding.NOT_LOOKED_INTO: _l("We did not look into the files that it holds."),
    Finding.VOICE: _l(
        "Whoever knows a voice can recognise it, yours too. Where and when it was "
        "recorded may point at you."
    ),
}
"""What a writer is told of a file, in this order."""

_REFUSALS: dict[WhyNot, str] = {
    WhyNot.TOO_LARGE: _l("%(name)s is larger than %(most)d MB, so it was not taken."),
    WhyNot.TOO_MANY: _l("%(name)s was not taken: %(files)d files are the most."),
    WhyNot.TOO_MUCH: _l(
        "%(name)s was not taken: all files together may have %(all)d MB."
    ),
    WhyNot.EMPTY: _l("%(name)s is empty, so it was not taken."),
    WhyNot.NO_PLACE: _l(
        "%(name)s was not taken: there is no room for files now. Hand in without it; "
        "it can follow with the code."
    ),
    WhyNot.TOO_SLOW: _l(
        "%(name)s came too slowly. Hand in without it; it can follow with the code."
    ),
    WhyNot.CUT: _l("%(name)s did not come to its end. Please choose it again."),
    WhyNot.NOT_STORED: _l("%(name)s cannot be stored now. Try again in a minute."),
    WhyNot.STALE: _l("%(name)s was not taken yet. Please choose it again."),
}
"""Why a file was not taken."""

_PROBLEMS: dict[Finding, str] = {
    Finding.BUSY: _l("It could not be cleaned now: too many files are. Look again."),
    Finding.NO_FFMPEG: _l("Recordings cannot be cleaned on this portal."),
    Finding.TOO_LARGE: _l("It could not be cleaned: it is too large for that."),
    Finding.ENCRYPTED: _l("It could not be cleaned, because it has a password."),
}


@dataclass(frozen=True)
class FileOnPage:
    """A received file as its writer sees it."""

    token: str
    name: str
    facts: str
    """Its kind and size."""
    sentences: tuple[str, ...]
    """What was taken out, and what was found."""
    problem: str = ""
    """Why nothing was taken out; empty: it was."""
    is_as_sent: bool = False
    """Whether it may be sent all the same."""


@dataclass(frozen=True)
class Evidence:
    """The files of a form, and what its writer said of them."""

    files: tuple[ReceivedFile, ...] = ()
    seen: frozenset[str] = frozenset()
    """Tokens of those that stood on the page that was sent."""
    as_sent: frozenset[str] = frozenset()
    refused: tuple[str, ...] = ()
    """Sentences on files that were not taken, or are not there any more."""

    @property
    def as_shown(self) -> list[FileOnPage]:
        """The files as their writer sees them."""
        return [_as_shown(one, self.as_sent) for one in self.files]

    @property
    def misses_decision(self) -> bool:
        """Tell whether one that could not be cleaned was not decided on."""
        return any(
            not one.file.is_cleaned and one.token.reveal() not in self.as_sent
            for one in self.files
        )

    @property
    def has_untold(self) -> bool:
        """Tell whether something was found in a file that has just come in."""
        return any(
            one.file.findings != {Finding.CLEANED}
            and one.token.reveal() not in self.seen
            for one in self.files
        )

    def to_send(self) -> tuple[ReceivedFile, ...]:
        """Return the files as they are sent: under neutral names."""
        return uploads.under_numbers(self.files)

    def tell(self, form: EvidenceForm) -> None:
        """Say in the form which files were not taken, and why."""
        for sentence in self.refused:
            form.refuse(FIELD, sentence)

    def ask(self, form: EvidenceForm) -> None:
        """Say in the form what must be decided or seen before files are sent."""
        if self.misses_decision:
            form.refuse(
                DECISIONS,
                _(
                    "A file could not be cleaned. Please decide: send it as it is, "
                    "or take it out."
                ),
            )
        elif self.has_untold:
            form.refuse(
                DECISIONS,
                _("Something was found in a file that just came in. Please look."),
            )


NO_EVIDENCE = Evidence()


def files_part(evidence: Evidence, *, has_script: bool) -> dict[str, object]:
    """Return what the part of a page says that files are chosen in."""
    settings = runtime().settings
    return {
        "files": evidence.as_shown,
        "most_files": settings.files_per_report,
        "most_megabytes": settings.file_mib,
        "has_script": has_script,
    }


def gather(form: EvidenceForm, windows: frozenset[bytes] = frozenset()) -> Evidence:
    """Return the files of the form; one whose name holds a code is deleted.

    *windows*: of the open case's code; no name may hold three groups of it.
    """
    with_code = [one for one in received() if _holds_code(one.file.name, windows)]
    if with_code:
        uploads.drop(db(), runtime().objects, with_code)
    files = tuple(one for one in received() if one not in with_code)
    sentences = [*map(_code_in_name, with_code), *map(_why, refusals())]
    if lost_count():
        sentences.append(gone_sentence())
    return Evidence(
        files,
        # What a page said of a file is no news, and a tick no answer, once more is known.
        seen=frozenset(form.kept.data or ()) - judged_again(),
        as_sent=frozenset(form.as_sent.data or ()) - judged_again(),
        refused=tuple(sentences),
    )


def find_again(evidence: Evidence) -> Evidence:
    """Return what is still there of the files; says so where one is not."""
    tokens = [one.token for one in evidence.files]
    files = uploads.find_received(db(), tokens, runtime().instance)
    return replace(evidence, files=files, refused=(gone_sentence(),))


def gone_sentence() -> str:
    """Say that files are not there any more."""
    return _(
        "A file is not here any more: an hour has passed, or it was sent already. "
        "Please choose it again if you need it."
    )


def describe(file: AttachedFile) -> str:
    """Return a file's kind and size in words."""
    return f"{word(file.kind)} · {size(file.length)}"


def _holds_code(name: str, windows: frozenset[bytes]) -> bool:
    return holds_code(name) or holds_window(name, windows)


def _code_in_name(one: ReceivedFile) -> str:
    return _(
        "The name of %(name)s holds a case code. It is your key: please rename the "
        "file and choose it again.",
        name=one.file.name,
    )


def _why(refusal: FileRefusal) -> str:
    settings = runtime().settings
    return gettext(
        _REFUSALS[refusal.why],
        name=refusal.name,
        most=settings.file_mib,
        all=settings.report_mib,
        files=settings.files_per_report,
    )


def _as_shown(one: ReceivedFile, as_sent: frozenset[str]) -> FileOnPage:
    token = one.token.reveal()
    return FileOnPage(
        token,
        one.file.name,
        describe(one.file),
        tuple(_findings(one.file)),
        "" if one.file.is_cleaned else _problem(one.file),
        is_as_sent=token in as_sent,
    )


def _findings(file: AttachedFile) -> Iterator[str]:
    return (gettext(text) for found, text in _TOLD.items() if found in file.findings)


def _problem(file: AttachedFile) -> str:
    for found, text in _PROBLEMS.items():
        if found in file.findings:
            return gettext(text)
    if file.kind.is_cleanable:
        return _("It could not be cleaned: perhaps it is damaged.")
    return _("Files of this kind cannot be cleaned.")

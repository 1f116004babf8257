"""A report: what a reporter hands in. A value, never stored as it is."""

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Protocol

from crypto import Kind
from portal.errors import ReportTooLargeError
from portal.reader_sheets import Excluded, ReaderSheet, ShutOut
from portal.reminders import Addressee, ReminderRequest
from portal.roster import ListedCustodian, ListedOfficer


class Ongoing(StrEnum):
    """Whether it still happens."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class OthersKnow(StrEnum):
    """How many people know of it, the reporter included."""

    FEW = "1-2"
    SOME = "3-4"
    SEVERAL = "5-9"
    MANY = "10+"
    UNKNOWN = "unknown"

    @property
    def is_fewer_than_five(self) -> bool:
        """So few that the reporter is easily guessed."""
        return self in {OthersKnow.FEW, OthersKnow.SOME}


class Reminded(StrEnum):
    """Whether somebody has spoken to the person reported before."""

    YES = "yes"
    NO = "no"


class Hope(StrEnum):
    """What the reporter hopes for."""

    STOP = "stop"
    REPAIR = "repair"
    EXAMINE = "examine"
    ANY = "any"


class CameBy(StrEnum):
    """How a report came that an officer took for somebody."""

    PHONE = "phone"
    LETTER = "letter"
    VISIT = "visit"


class MayCustodian(StrEnum):
    """Whether a custodian may open it where officers no longer can; if not said, yes."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True)
class Report:
    """The answers of a reporter; empty where a question was left open."""

    category: str
    what: str
    who_name: str = ""
    who_position: str = ""
    who_unit: str = ""
    where: str = ""
    when: str = ""
    ongoing: str = ""
    how: str = ""
    shows: str = ""
    others_know: str = ""
    reminded: str = ""
    avoid: str = ""
    hope: str = ""
    came_by: str = ""
    """Only where an officer took it for somebody."""
    taken_by: str = ""
    """That officer's id in hex: who knows what was said, and saw the code."""
    shut_out: tuple[str, ...] = ()
    """Officers (ids in hex) whom this report is kept from, for good."""
    custodian: str = ""
    """`no`: kept from every custodian, for good."""
    files: int = 0
    """How many files came with it."""
    entry: str = ""
    """Which kind of sealed entry it began as; empty: it is a report."""
    reminder: ReminderRequest | None = None
    """To whom officers pass which leaflet on; the only text of such an entry."""

    def encode(self) -> bytes:
        """Write the report as the text that is sealed: JSON, at most 16,380 bytes.

        Raises:
            ReportTooLargeError: with the bytes that are too many.
        """
        answers = {key.name: getattr(self, key.name) for key in fields(self)}
        filled = {name: answer for name, answer in answers.items() if answer}
        # Of one width, none or many: what a report leaves room for tells nothing.
        filled["files"] = f"{self.files:02}"
        if self.reminder:
            filled["reminder"] = self.reminder.values()
        text = json.dumps({"v": 1, **filled}, ensure_ascii=False).encode()
        if len(text) > Kind.REPORT.longest:
            raise ReportTooLargeError(len(text) - Kind.REPORT.longest)
        return text

    @classmethod
    def decode(cls, text: bytes) -> "Report":
        """Read what `encode` wrote."""
        answers = json.loads(text)
        del answers["v"]
        asked = answers.get("reminder")
        read = {
            "what": answers.get("what", ""),
            "shut_out": tuple(answers.get("shut_out", ())),
            "files": int(answers.get("files", 0)),
            "reminder": ReminderRequest.of(asked) if asked else None,
        }
        return cls(**answers | read)

    def calls(self, custodian: str) -> bool:
        """Tell whether the custodian of that name may ever open it: who is named, never."""
        return self.custodian != MayCustodian.NO and not self.names(custodian)

    @property
    def is_easily_guessed(self) -> bool:
        """Fewer than five people know, or the reporter asked to avoid something."""
        few = self.others_know in {OthersKnow.FEW, OthersKnow.SOME}
        return few or bool(self.avoid)

    def may_name(self, person: str) -> bool:
        """Tell whether a word of *person*'s name stands among those named."""
        return bool(_name_words(self.who_name) & _without_degrees(person))

    def names(self, person: str) -> bool:
        """Tell whether *person* is among those named as the person reported.

        "Bu Rina" names Rina Wulandari, S.H.; "Rina Puspita" does not.
        """
        wanted = _without_degrees(person)
        typed = _SEVERAL_PEOPLE.split(self.who_name)
        listed = [one.name.partition(",")[0] for one in self.addressees]
        return any(_are_same(_name_words(named), wanted) for named in (*typed, *listed))

    @property
    def addressees(self) -> tuple[Addressee, ...]:
        """Return who gets a leaflet, where it asks for a reminder."""
        return self.reminder.people if self.reminder else ()


@dataclass(frozen=True)
class Readers:
    """Who may read a report and who may not, of all officers there are."""

    readers: tuple[ListedOfficer, ...]
    others: tuple[ListedOfficer, ...]
    custodians: tuple[ListedCustodian, ...] = ()
    """All there are; who of them may ever open it, `Report.calls` tells."""
    reasons: tuple[ShutOut, ...] = ()
    """Why not, for each of the others; none: the reporter chose so."""

    @property
    def holders(self) -> tuple[ListedOfficer | ListedCustodian, ...]:
        """Return whom a row is made for, genuine or a dummy."""
        return (*self.readers, *self.others, *self.custodians)

    @property
    def sheet(self) -> ReaderSheet:
        """Return what the case keeps of it."""
        reasons = self.reasons or (ShutOut.UNTICKED,) * len(self.others)
        pairs = zip(self.others, reasons, strict=True)
        return ReaderSheet(
            tuple(officer.id.hex() for officer in self.readers),
            tuple(Excluded(officer.id.hex(), why) for officer, why in pairs),
        )

    @property
    def kept_from(self) -> tuple[str, ...]:
        """Return the ids, in hex, of whom the report is kept from for good."""
        return tuple(
            one.officer
            for one in self.sheet.shut_out
            if one.why in {ShutOut.UNTICKED, ShutOut.NAMED}
        )


def choose_readers(
    officers: Sequence[ListedOfficer],
    report: Report,
    *,
    ticked: frozenset[str],
    only_outside: bool,
    conflicted: frozenset[bytes],
) -> Readers:
    """Divide *officers* as the reporter chose; who is named or conflicted never reads.

    *ticked*: ids in hex. *conflicted*: by own declaration, see `conflicts.py`.
    Nobody may be left: the caller asks.
    """

    def why_not(officer: ListedOfficer) -> ShutOut | None:
        if report.names(officer.name):
            return ShutOut.NAMED
        is_left_out = only_outside and not officer.is_outside
        if officer.id.hex() not in ticked or is_left_out:
            return ShutOut.UNTICKED
        return ShutOut.CONFLICTED if officer.id in conflicted else None

    judged = [(officer, why_not(officer)) for officer in officers]
    shut_out = [(officer, why) for officer, why in judged if why]
    return Readers(
        tuple(officer for officer, why in judged if why is None),
        tuple(officer for officer, _why in shut_out),
        reasons=tuple(why for _officer, why in shut_out),
    )


class Named(Protocol):
    """Somebody with an id and a name: a row, or a line of the roster."""

    @property
    def id(self) -> bytes:
        """Return the id."""

    @property
    def name(self) -> str:
        """Return the name."""


def may_never_read(report: Report, person: Named) -> bool:
    """Tell whether the reporter shut *person* out, for good: unticked, or named."""
    return person.id.hex() in report.shut_out or report.names(person.name)


def is_same_name(name: str, other: str) -> bool:
    """Tell whether two officers' names may be one person's: one holds the other."""
    return _are_same(_without_degrees(name), _without_degrees(other))


def as_seen(name: str) -> str:
    """Return a name without what nobody sees: it would make two names of one."""
    return " ".join(_UNSEEN.sub("", name).split())


# Fillers, joiners, marks of direction, selectors: all that is drawn as nothing.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
_SEVERAL_PEOPLE = re.compile(
    r"[,;/&+|()\n]|\s[-\u2013]\s|\b(?:dan|and|serta|bersama|dengan|dg)\b", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]+")
_SHORT = 2
# Ma'ruf, Nu'man, Sa'adah; not what is left over in "Rina's".
_APOSTROPHE = re.compile(r"(?<=\w)['`\u2018\u2019\u02bc](?=\w{2})")
_FORMS_OF_ADDRESS = frozenset(
    {
        "bu",
        "dr",
        "ir",
        "hj",
        "ibu",
        "bapak",
        "pak",
        "sdr",
        "sdri",
        "saudara",
        "saudari",
        "mas",
        "mbak",
    }
    | {
        "spd",
        "skom",
        "msi",
        "mpd",
        "kang",
        "drs",
        "dra",
        "prof",
        "haji",
        "hajah",
        "the",
        "mrs",
        "miss",
    }
)


def _name_words(name: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKC", as_seen(name)).casefold()
    words = frozenset(_WORD.findall(_APOSTROPHE.sub("", plain))) - _FORMS_OF_ADDRESS
    # Initials and titles tell nobody; where there is nothing else they are the name.
    return frozenset(word for word in words if len(word) > _SHORT) or words


def _are_same(words: frozenset[str], others: frozenset[str]) -> bool:
    return bool(words and others) and (words <= others or others <= words)


def _without_degrees(person: str) -> frozenset[str]:
    # What follows a comma is a degree: "Rina Wulandari, S.Kom., M.Si.".
    return _name_words(person.partition(",")[0])

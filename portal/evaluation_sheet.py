"""The evaluation sheet as data: its questions, what is said to each, and documents.

This module hides that the file is read strictly: a statement that the portal can make
and the file lacks, a gap that nothing fills, or a question that names what is not there
stops the start instead of leaving a hole in a paper for evaluators.
"""

import datetime as dt
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Final

from portal.texts import DATA, LANGUAGES, Entry, read_data_file
from portal.written_days import write_day

Value = int | str | dt.date
"""What is filled into a sentence; a day is written in its language."""

DEFAULT_PATH: Final = DATA / "evaluation_sheet.toml"


class StatementKey(StrEnum):
    """What the portal can state of itself; each is one sentence of the file."""

    OFFICERS = "officers"
    NO_OFFICER = "no-officer"
    NO_OUTSIDE_OFFICER = "no-outside-officer"
    CUSTODIANS = "custodians"
    FEW_CUSTODIANS = "few-custodians"
    CHANNELS = "channels"
    ONION = "onion"
    RULES = "rules"
    RETENTION = "retention"
    HOLD = "hold"
    NO_HOLD = "no-hold"
    MATCH = "match"
    REMINDER = "reminder"
    NO_REMINDER = "no-reminder"
    EVALUATIONS = "evaluations"
    NO_EVALUATION_DUE = "no-evaluation-due"
    MISSED_EVALUATION = "missed-evaluation"
    OTHER_DAY = "other-day"
    NO_FIXED_DAYS = "no-fixed-days"
    ROUNDS = "rounds"
    ROUNDS_MISSED = "rounds-missed"
    NO_ROUND = "no-round"
    DEADLINES_KEPT = "deadlines-kept"
    DEADLINES_MISSED = "deadlines-missed"
    DEADLINES_UNKNOWN = "deadlines-unknown"
    RECORD_HOLDS = "record-holds"
    RECORD_BROKEN = "record-broken"
    TRAIL_HOLDS = "trail-holds"
    TRAIL_BROKEN = "trail-broken"
    RECOVERY_KEY = "recovery-key"
    NO_RECOVERY_KEY = "no-recovery-key"
    BACKUP_KEY = "backup-key"
    NO_BACKUP_KEY = "no-backup-key"
    KEY_CHANGES = "key-changes"
    WITHDRAWALS = "withdrawals"
    FINDINGS = "findings"
    NO_FINDINGS = "no-findings"
    OPEN_FINDING = "open-finding"
    LATE_FINDING = "late-finding"
    NOT_THE_PUBLIC = "not-the-public"
    COUNTS_NONE = "counts-none"
    COUNTS_SHOWN = "counts-shown"
    NONE_IS_NO_SUCCESS = "none-is-no-success"
    GIFT_PAGES = "gift-pages"
    GIFT_DAYS = "gift-days"
    GIFT_REMINDERS_UNKNOWN = "gift-reminders-unknown"
    DECLARATIONS = "declarations"
    DECLARATIONS_MISSING = "declarations-missing"
    EXCLUSIONS_UNKNOWN = "exclusions-unknown"


class PaperWord(StrEnum):
    """What stands on the paper beside questions and statements."""

    TITLE = "title"
    ABOUT = "about"
    MADE = "made"
    NO_REPORT = "no-report"
    ONLY_KNOWN = "only-known"
    MISSING = "missing"
    NOTHING_MISSING = "nothing-missing"
    TO_DO = "to-do"
    BLANK = "blank"
    BLANK_BECAUSE = "blank-because"
    ANSWERS = "answers"
    SUPPORTED = "supported"
    WITH_DOCUMENTS = "with-documents"
    UNKNOWN = "unknown"
    RECORDS = "records"
    DOCUMENTS = "documents"
    REFERENCE = "reference"
    SEE = "see"
    UNCONFIRMED = "unconfirmed"
    REGISTER = "register"
    DUE = "due"
    HELD = "held"
    HOW = "how"
    NOT_HELD = "not-held"
    FINDING = "finding"
    OWNER = "owner"
    CLOSED = "closed"
    NONE = "none"
    OUTLINE = "outline"
    OUTLINE_ABOUT = "outline-about"
    PAGE = "page"


GAPS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        PaperWord.ABOUT: frozenset({"year"}),
        PaperWord.MADE: frozenset({"day", "from", "to"}),
        PaperWord.SUPPORTED: frozenset({"letter"}),
        PaperWord.WITH_DOCUMENTS: frozenset({"letter"}),
        PaperWord.SEE: frozenset({"key"}),
        PaperWord.PAGE: frozenset({"page", "pages"}),
        StatementKey.OFFICERS: frozenset({"count", "outside"}),
        StatementKey.CUSTODIANS: frozenset({"count"}),
        StatementKey.FEW_CUSTODIANS: frozenset({"count"}),
        StatementKey.CHANNELS: frozenset({"address"}),
        StatementKey.RULES: frozenset({"acknowledge", "verify", "answer", "feedback"}),
        StatementKey.RETENTION: frozenset({"unproven", "proven"}),
        StatementKey.EVALUATIONS: frozenset({"due", "done"}),
        StatementKey.MISSED_EVALUATION: frozenset({"day"}),
        StatementKey.OTHER_DAY: frozenset({"day", "held"}),
        StatementKey.ROUNDS: frozenset({"held", "due", "every"}),
        StatementKey.ROUNDS_MISSED: frozenset({"count"}),
        StatementKey.DEADLINES_KEPT: frozenset({"first", "last"}),
        StatementKey.DEADLINES_MISSED: frozenset({"first", "last"}),
        StatementKey.RECORD_HOLDS: frozenset({"day", "count"}),
        StatementKey.RECORD_BROKEN: frozenset({"day"}),
        StatementKey.TRAIL_HOLDS: frozenset({"day"}),
        StatementKey.TRAIL_BROKEN: frozenset({"day"}),
        StatementKey.RECOVERY_KEY: frozenset({"day"}),
        StatementKey.BACKUP_KEY: frozenset({"day"}),
        StatementKey.KEY_CHANGES: frozenset({"count"}),
        StatementKey.WITHDRAWALS: frozenset({"count"}),
        StatementKey.FINDINGS: frozenset({"count", "closed", "percent"}),
        StatementKey.OPEN_FINDING: frozenset({"number", "owner", "day"}),
        StatementKey.LATE_FINDING: frozenset({"number", "owner", "day"}),
        StatementKey.COUNTS_SHOWN: frozenset({"first", "last", "received", "finished"}),
        StatementKey.GIFT_DAYS: frozenset({"upg", "kpk"}),
        StatementKey.DECLARATIONS: frozenset({"count", "officers"}),
        StatementKey.DECLARATIONS_MISSING: frozenset({"count"}),
    }
)
"""What is filled into which sentence; into the others nothing."""


@dataclass(frozen=True)
class StatementText:
    """One sentence by language; *todo* where it says what is missing."""

    text: Mapping[str, str]
    todo: Mapping[str, str]


@dataclass(frozen=True)
class Document:
    """What evaluators expect to be attached."""

    key: str
    label: Mapping[str, str] = field(compare=False)
    about: Mapping[str, str] = field(compare=False)


@dataclass(frozen=True)
class Answer:
    """One of the answers that the sheet offers."""

    letter: str
    text: Mapping[str, str]


@dataclass(frozen=True)
class Question:
    """One question of the sheet."""

    key: str
    group: Mapping[str, str]
    text: Mapping[str, str]
    source: str
    is_confirmed: bool
    """The agency has compared its words with the sheet in force."""
    answers: tuple[Answer, ...]
    documents: tuple[Document, ...]
    statements: tuple[StatementKey, ...]


@dataclass(frozen=True)
class OutlinePart:
    """One heading of the report that the agency writes itself."""

    title: Mapping[str, str]
    about: Mapping[str, str]
    statements: tuple[StatementKey, ...]


@dataclass(frozen=True)
class EvaluationSheet:
    """Everything that is said to evaluators, in both languages."""

    words: Mapping[PaperWord, Mapping[str, str]]
    questions: tuple[Question, ...]
    statements: Mapping[StatementKey, StatementText]
    outline: tuple[OutlinePart, ...]

    def word(self, word: PaperWord, language: str, **values: Value) -> str:
        """Return what stands on the paper, filled in."""
        return self.words[word][language].format(**_shown(values, language))

    def sentence(
        self, key: StatementKey, values: Mapping[str, Value], language: str
    ) -> str:
        """Return the sentence of a statement, filled in."""
        text = self.statements[key].text[language]
        return text.format(**_shown(values, language))

    def todo(self, key: StatementKey, language: str) -> str:
        """Return what to do about what is missing; empty: nothing is."""
        return self.statements[key].todo.get(language, "")


def read_evaluation_sheet(path: Path = DEFAULT_PATH) -> EvaluationSheet:
    """Read the sheet strictly.

    Raises:
        DataFileError: a key, a language, a gap, a statement or a document is missing,
            misspelt or not known.
    """
    file = read_data_file(path)
    file.allow("paper", "outline", "documents", "questions", "statements")
    paper = file.entry("paper")
    paper.allow(*PaperWord)
    documents = {
        one.words("key"): _document(one) for one in file.entries("documents", "key")
    }
    return EvaluationSheet(
        words=MappingProxyType({word: _filled(paper, word) for word in PaperWord}),
        questions=tuple(
            _question(one, documents) for one in file.entries("questions", "key")
        ),
        statements=_statements(file),
        outline=tuple(_outline(one) for one in file.entries("outline", "key")),
    )


def _shown(values: Mapping[str, Value], language: str) -> dict[str, str]:
    return {
        name: write_day(value, language) if isinstance(value, dt.date) else str(value)
        for name, value in values.items()
    }


def _statements(file: Entry) -> Mapping[StatementKey, StatementText]:
    found = {}
    for entry in file.entries("statements", "key"):
        entry.allow("key", "text", "todo")
        key = entry.one_of("key", StatementKey)
        todo = entry.both("todo") if "todo" in entry.values else {}
        found[key] = StatementText(_filled(entry, "text", key), todo)
    for key in StatementKey:
        if key not in found:
            raise file.error(key, "has no sentence")
    return MappingProxyType(found)


def _question(entry: Entry, documents: Mapping[str, Document]) -> Question:
    entry.allow(
        *("key", "group", "text", "source", "confirmed", "answers"),
        *("documents", "statements"),
    )
    names = _names(entry, "documents")
    for name in names:
        if name not in documents:
            raise entry.error("documents", f"names {name}, which is none")
    listed = entry.entries("answers", "letter") if "answers" in entry.values else ()
    return Question(
        key=entry.words("key"),
        group=entry.both("group"),
        text=entry.both("text"),
        source=entry.words("source"),
        is_confirmed=entry.flag("confirmed", absent=False),
        answers=tuple(_answer(one) for one in listed),
        documents=tuple(documents[name] for name in names),
        statements=_statement_keys(entry),
    )


def _answer(entry: Entry) -> Answer:
    entry.allow("letter", *LANGUAGES)
    return Answer(entry.words("letter"), entry.in_both())


def _document(entry: Entry) -> Document:
    entry.allow("key", "label", "about")
    return Document(entry.words("key"), entry.both("label"), entry.both("about"))


def _outline(entry: Entry) -> OutlinePart:
    entry.allow("key", "title", "about", "statements")
    return OutlinePart(entry.both("title"), entry.both("about"), _statement_keys(entry))


def _statement_keys(entry: Entry) -> tuple[StatementKey, ...]:
    try:
        return tuple(StatementKey(name) for name in _names(entry, "statements"))
    except ValueError as cause:
        raise entry.error("statements", f"has no sentence: {cause}") from None


def _names(entry: Entry, key: str) -> tuple[str, ...]:
    names = entry.values.get(key)
    if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
        raise entry.error(key, "must be a list of names")
    if len(set(names)) < len(names):
        raise entry.error(key, "has a name twice")
    return tuple(names)


def _filled(entry: Entry, key: str, name: str = "") -> Mapping[str, str]:
    """Read a text in both languages, each with all of its gaps and no other."""
    text = entry.both(key)
    wanted = GAPS.get(name or key, frozenset())
    for words in text.values():
        try:
            gaps = {gap for _text, gap, _form, _as in string.Formatter().parse(words)}
        except ValueError as cause:
            raise entry.error(
                key, f"has a brace too many or too few: {cause}"
            ) from None
        if gaps - {None} != wanted:
            raise entry.error(key, f"must hold the gaps {sorted(wanted)}")
    return text

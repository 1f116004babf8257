"""The paper for evaluators: what is missing first, then every question with its facts.

The document tells the day it was made, and neither hour, nor machine, nor program.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from fpdf import FPDF

from portal.evaluation_sheet import (
    Document,
    EvaluationSheet,
    OutlinePart,
    PaperWord,
    Question,
)
from portal.evaluations import ListedEvaluation, ListedFinding
from portal.sheet_facts import SheetFacts
from portal.sheet_statements import Statement
from portal.written_days import write_day

_MARGIN = 20.0  # mm
_FOOT = 22.0
_WIDTH = 210.0 - 2 * _MARGIN  # A4
_SLOT_HEIGHT = 26.0
_ROOM_TO_WRITE = 34.0
_INDENT = 5.0
_GREY = 95
_SIZE = 10.0
_LINE = 5.2


class _Paper(FPDF):
    """Pages that each say whose they are, of which year, and that no report is in them."""

    def __init__(self, head: str, foot: str, numbered: tuple[str, str]) -> None:
        super().__init__(format="A4", unit="mm")
        self._head, self._foot, self._numbered = head, foot, numbered
        self.set_margin(_MARGIN)
        self.set_auto_page_break(True, margin=_FOOT)
        self.alias_nb_pages()

    def file_id(self) -> None:
        """Leave it out: a hash of the text and its moment says nothing to anybody."""

    def header(self) -> None:
        """Write agency and year above every page but the first."""
        if self.page_no() == 1:
            return
        self._write_small(_MARGIN - 8, self._head)
        self.set_y(_MARGIN)

    def footer(self) -> None:
        """Write what is not in it, and which page it is."""
        before, after = self._numbered
        self._write_small(-16, self._foot)
        number = f"{before.format(page=self.page_no())}{{nb}}{after}"
        self._write_small(-12, number)

    def _write_small(self, top: float, text: str) -> None:
        self.set_y(top)
        self.set_font("Helvetica", "", 8)
        self.set_text_color(_GREY)
        self.cell(_WIDTH, 4, _as_printed(text), align="L")
        self.set_text_color(0)


class _Writer:
    """One paper while it is written, in one language."""

    def __init__(
        self, sheet: EvaluationSheet, facts: SheetFacts, agency: str, language: str
    ) -> None:
        self._sheet, self._facts, self._language = sheet, facts, language
        self._agency = agency
        self._slots: dict[Document, str] = {}
        title = self._word(PaperWord.TITLE)
        before, _pages, after = sheet.words[PaperWord.PAGE][language].partition(
            "{pages}"
        )
        head = f"{agency} · {title} · {facts.year}"
        foot = self._word(PaperWord.NO_REPORT)
        self._pdf = _Paper(head, foot, (before, after))
        self._pdf.set_title(_as_printed(f"{title} {facts.year}"))
        self._pdf.set_lang(language)
        made = dt.datetime.combine(facts.made_on, dt.time(), dt.UTC)
        self._pdf.set_creation_date(made)
        self._pdf.set_producer("Lurus")

    def draw(self) -> bytes:
        """Write every part, and return the document."""
        self._pdf.add_page()
        self._write_beginning()
        self._write_missing()
        for question in self._sheet.questions:
            self._write_question(question)
        self._write_register()
        self._write_outline()
        return bytes(self._pdf.output())

    def _word(self, word: PaperWord, **values: int | str | dt.date) -> str:
        return self._sheet.word(word, self._language, **values)

    def _sentence(self, one: Statement) -> str:
        return self._sheet.sentence(one.key, one.values, self._language)

    def _write_beginning(self) -> None:
        facts = self._facts
        self._text(self._agency, size=11)
        self._text(self._word(PaperWord.TITLE), style="B", size=20, gap=2)
        self._text(self._word(PaperWord.ABOUT, year=facts.year), size=12, gap=3)
        days = {"day": facts.made_on, "from": facts.from_day, "to": facts.to_day}
        self._text(self._word(PaperWord.MADE, **days), gap=1)
        self._text(self._word(PaperWord.NO_REPORT), style="B", gap=1)
        self._text(self._word(PaperWord.ONLY_KNOWN), gap=5)

    def _write_missing(self) -> None:
        self._heading(self._word(PaperWord.MISSING))
        told = [
            (self._sentence(one), self._sheet.todo(one.key, self._language))
            for one in self._facts.statements
        ]
        missing = [(sentence, todo) for sentence, todo in told if todo]
        for sentence, todo in missing:
            self._keep(3 * _LINE)
            self._bullet(sentence, style="B")
            self._text(f"{self._word(PaperWord.TO_DO)} {todo}", indent=_INDENT, gap=2)
        if not missing:
            self._text(self._word(PaperWord.NOTHING_MISSING))
        self._pdf.ln(3)
        self._heading(self._word(PaperWord.BLANK))
        self._text(self._word(PaperWord.BLANK_BECAUSE), gap=4)

    def _write_question(self, question: Question) -> None:
        here = self._language
        self._keep(70)
        self._pdf.ln(4)
        self._rule()
        self._text(question.group[here], size=9, grey=True)
        self._text(f"{question.key}  {question.text[here]}", style="B", size=13)
        self._text(question.source, size=8, grey=True)
        if not question.is_confirmed:
            self._text(self._word(PaperWord.UNCONFIRMED), size=8, grey=True)
        self._pdf.ln(1)
        self._write_answers(question)
        self._write_verdict(question)
        stated = self._facts.of(question.statements)
        if stated:
            self._label(self._word(PaperWord.RECORDS))
            for one in stated:
                self._bullet(self._sentence(one))
        self._write_slots(question)

    def _write_answers(self, question: Question) -> None:
        if not question.answers:
            return
        self._label(self._word(PaperWord.ANSWERS))
        for answer in question.answers:
            line = f"{answer.letter}: {answer.text[self._language]}"
            self._text(line, indent=_INDENT)

    def _write_verdict(self, question: Question) -> None:
        support = self._facts.supports.get(question.key)
        said = self._word(PaperWord.UNKNOWN)
        if support:
            said = self._word(support.word, letter=support.letter)
        self._pdf.ln(1.5)
        self._text(said, style="B", gap=1)

    def _write_slots(self, question: Question) -> None:
        """Draw a box for each document; one that has its box already is named alone."""
        self._pdf.ln(1.5)
        self._keep(_SLOT_HEIGHT + 8)
        self._label(f"{question.key}  {self._word(PaperWord.DOCUMENTS)}")
        for document in question.documents:
            if document in self._slots:
                place = self._word(PaperWord.SEE, key=self._slots[document])
                self._bullet(f"{document.label[self._language]}: {place}")
            else:
                self._slots[document] = question.key
                self._slot(document)

    def _slot(self, document: Document) -> None:
        """Draw an empty box, with a line for the number of what is put there."""
        self._keep(_SLOT_HEIGHT + 2)
        pdf, top = self._pdf, self._pdf.get_y()
        pdf.set_draw_color(_GREY)
        pdf.set_line_width(0.25)
        pdf.rect(_MARGIN, top, _WIDTH, _SLOT_HEIGHT)
        pdf.set_y(top + 1.5)
        self._text(document.label[self._language], style="B", indent=2)
        self._text(document.about[self._language], size=9, indent=2, grey=True)
        reference = _as_printed(self._word(PaperWord.REFERENCE))
        pdf.set_xy(_MARGIN + 2, top + _SLOT_HEIGHT - 7)
        pdf.set_font("Helvetica", "", 9)
        width = pdf.get_string_width(reference) + 3
        pdf.cell(width, 5, reference)
        bottom = top + _SLOT_HEIGHT - 2.5
        pdf.line(_MARGIN + 2 + width, bottom, _MARGIN + _WIDTH - 4, bottom)
        pdf.set_y(top + _SLOT_HEIGHT + 2)

    def _write_register(self) -> None:
        self._keep(60)
        self._pdf.ln(4)
        self._rule()
        self._heading(self._word(PaperWord.REGISTER))
        evaluations = [self._row(one) for one in self._facts.evaluations]
        of_evaluations = (PaperWord.DUE, PaperWord.HELD, PaperWord.HOW)
        self._table(of_evaluations, (36, 36, 98), evaluations)
        self._pdf.ln(4)
        findings = [self._finding_row(one) for one in self._facts.findings]
        of_findings = (
            PaperWord.FINDING,
            PaperWord.OWNER,
            PaperWord.DUE,
            PaperWord.CLOSED,
        )
        self._table(of_findings, (62, 36, 30, 42), findings)

    def _row(self, one: ListedEvaluation) -> tuple[str, ...]:
        held = self._day(one.done_on) or self._word(PaperWord.NOT_HELD)
        return self._day(one.due_on), held, one.note

    def _finding_row(self, one: ListedFinding) -> tuple[str, ...]:
        closed = ", ".join(filter(None, (self._day(one.closed_on), one.proof)))
        text = f"{one.number}. {one.text}"
        return text, one.owner, self._day(one.due_on), closed

    def _day(self, day: dt.date | None) -> str:
        return write_day(day, self._language) if day else ""

    def _table(
        self,
        heads: Iterable[PaperWord],
        widths: Sequence[int],
        rows: Sequence[Sequence[str]],
    ) -> None:
        if not rows:
            about = self._word(next(iter(heads)))
            self._text(f"{about}: {self._word(PaperWord.NONE)}")
            return
        self._pdf.set_font("Helvetica", "", 9)
        self._pdf.set_draw_color(_GREY)
        with self._pdf.table(
            col_widths=tuple(widths),
            width=_WIDTH,
            align="LEFT",
            text_align="LEFT",
            line_height=4.6,
            padding=1,
        ) as table:
            table.row([_as_printed(self._word(word)) for word in heads])
            for row in rows:
                table.row([_as_printed(_in_one_line(cell)) for cell in row])

    def _write_outline(self) -> None:
        self._pdf.add_page()
        self._text(self._word(PaperWord.OUTLINE), style="B", size=15)
        self._text(self._word(PaperWord.OUTLINE_ABOUT), gap=3)
        for part in self._sheet.outline:
            self._write_part(part)

    def _write_part(self, part: OutlinePart) -> None:
        here = self._language
        self._keep(_ROOM_TO_WRITE + 24)
        self._text(part.title[here], style="B", size=12)
        self._text(part.about[here], size=9, grey=True)
        for one in self._facts.of(part.statements):
            self._bullet(self._sentence(one))
        self._pdf.ln(1)
        self._pdf.set_draw_color(_GREY)
        self._pdf.rect(_MARGIN, self._pdf.get_y(), _WIDTH, _ROOM_TO_WRITE)
        self._pdf.set_y(self._pdf.get_y() + _ROOM_TO_WRITE + 5)

    def _heading(self, text: str) -> None:
        self._keep(20)
        self._text(text, style="B", size=14, gap=1)

    def _label(self, text: str) -> None:
        self._keep(2 * _LINE)
        self._text(text, size=9, grey=True, gap=0.5)

    def _bullet(self, text: str, style: str = "") -> None:
        self._pdf.set_font("Helvetica", style, _SIZE)
        width = self._pdf.get_string_width(_as_printed(text))
        # Words do not fill lines to their end.
        self._keep(_LINE * (1 + int(width / (0.9 * (_WIDTH - _INDENT)))))
        top = self._pdf.get_y()
        self._pdf.set_fill_color(0)
        self._pdf.circle(_MARGIN + 1.6, top + _LINE / 2, 0.7, style="F")
        self._text(text, style=style, indent=_INDENT)

    def _rule(self) -> None:
        self._pdf.set_draw_color(_GREY)
        self._pdf.set_line_width(0.4)
        top = self._pdf.get_y()
        self._pdf.line(_MARGIN, top, _MARGIN + _WIDTH, top)
        self._pdf.ln(2.5)

    def _keep(self, height: float) -> None:
        """Begin a new page where so much does not fit any more."""
        if self._pdf.will_page_break(height):
            self._pdf.add_page()

    def _text(
        self,
        text: str,
        *,
        style: str = "",
        size: float = _SIZE,
        indent: float = 0,
        gap: float = 0,
        grey: bool = False,
    ) -> None:
        pdf = self._pdf
        pdf.set_font("Helvetica", style, size)
        pdf.set_text_color(_GREY if grey else 0)
        pdf.set_x(_MARGIN + indent)
        height = _LINE * max(1.0, size / 10.5)
        pdf.multi_cell(_WIDTH - indent, height, _as_printed(text), align="L")
        pdf.set_text_color(0)
        pdf.set_xy(_MARGIN, pdf.get_y() + gap)


def draw_evidence(
    sheet: EvaluationSheet, facts: SheetFacts, agency: str, language: str
) -> bytes:
    """Return the paper as a PDF, in one language."""
    return _Writer(sheet, facts, agency, language).draw()


def _in_one_line(text: str) -> str:
    # A row that is higher than a page cannot be drawn, and what stands in the register
    # stays there: five hundred line breaks would leave a year without its paper.
    return " ".join(text.split())


def _as_printed(text: str) -> str:
    # The fonts that every reader has know the signs of Western Europe alone.
    return text.encode("latin-1", "replace").decode("latin-1")

"""One page for the files of a custodian: a round, its counts, and what proves them.

The document tells the day of the round, and neither hour, nor machine, nor program.
"""

import datetime as dt
from collections.abc import Sequence

from fpdf import FPDF

_MARGIN = 25.0  # mm
_LABEL = 95.0

PaperLine = tuple[str, str]
"""A label with its value; a long value takes lines of its own."""


class _Paper(FPDF):
    """A document that has no identity of its own."""

    def file_id(self) -> None:
        """Leave it out: a hash of the text and its moment says nothing to anybody."""


def draw_round(
    title: str,
    facts: Sequence[PaperLine],
    proofs: Sequence[PaperLine],
    notes: Sequence[str],
    day: dt.date,
) -> bytes:
    """Return the page as a PDF; all texts in the language of who reads it."""
    pdf = _Paper(format="A4", unit="mm")
    pdf.set_margin(_MARGIN)
    pdf.set_auto_page_break(False)
    pdf.set_creation_date(dt.datetime.combine(day, dt.time(), dt.UTC))
    pdf.set_producer("Lurus")
    pdf.add_page()
    _write(pdf, "B", 16, 9, title)
    pdf.ln(4)
    for label, value in facts:
        top = pdf.get_y()
        pdf.set_font("Helvetica", "", 11)
        pdf.multi_cell(_LABEL, 6, _as_printed(label), align="L")
        bottom = pdf.get_y()
        pdf.set_xy(_MARGIN + _LABEL, top)
        pdf.set_font("Helvetica", "B", 11)
        pdf.multi_cell(0, 6, _as_printed(value), align="L")
        pdf.set_xy(_MARGIN, max(bottom, pdf.get_y()) + 1)
    pdf.ln(5)
    for label, value in proofs:
        _write(pdf, "", 9, 5, label)
        pdf.set_font("Courier", "", 9)
        pdf.multi_cell(0, 4.5, _as_printed(value), align="L")
        pdf.set_xy(_MARGIN, pdf.get_y() + 3)
    for note in notes:
        pdf.ln(2)
        _write(pdf, "", 10, 5, note)
    return bytes(pdf.output())


def _write(pdf: FPDF, style: str, size: float, height: float, text: str) -> None:
    pdf.set_font("Helvetica", style, size)
    pdf.multi_cell(0, height, _as_printed(text), align="L")
    pdf.set_xy(_MARGIN, pdf.get_y())


def _as_printed(text: str) -> str:
    # The fonts that every reader has know the signs of Western Europe alone.
    return text.encode("latin-1", "replace").decode("latin-1")

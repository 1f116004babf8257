"""Slips on A4 sheets, three across and eight down, to be cut along dashed lines.

The document tells the day it was made, and neither hour, nor machine, nor program. What
tells sheets apart stands in the margin, which is cut off: slips all look alike.
"""

import datetime as dt
from collections.abc import Callable, Sequence

from fpdf import FPDF

from crypto import Slip
from portal.vouchers import SLIPS_A_SHEET, Printed

_ACROSS, _DOWN = 3, SLIPS_A_SHEET // 3
_WIDTH, _HEIGHT = 210.0, 297.0  # A4, in mm
_CELL_WIDTH, _CELL_HEIGHT = 62.0, 34.0
_LEFT = (_WIDTH - _ACROSS * _CELL_WIDTH) / 2
_TOP = (_HEIGHT - _DOWN * _CELL_HEIGHT) / 2
_OVER = 6.0  # cut lines reach so far into the margin
_DASH = 1.5
_GREY = 110

# Slips are in the agency's language, whoever prints them.
_TITLE = "Kartu sekali pakai"
_PURPOSE = "Untuk: simpan, buka bila ada pelapor lain."
_PRIVATE = "Simpan sendiri. Jangan tunjukkan kodenya."
_SHEET = "lembar"


class _Sheets(FPDF):
    """A document that has no identity of its own."""

    def file_id(self) -> None:
        """Leave it out: a hash of the text and its moment says nothing to anybody."""


def draw_sheets(
    printed: Printed,
    address: str,
    today: dt.date,
    progress: Callable[[int], None],
) -> bytes:
    """Return a PDF with every slip of *printed*; *progress* hears of each sheet.

    *address*: where the portal is reached, as it is typed.
    """
    pdf = _Sheets(format="A4", unit="mm")
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.set_creation_date(dt.datetime.combine(today, dt.time(), dt.UTC))
    pdf.set_producer("Lurus")
    count = sheet_count(len(printed.slips))
    for sheet in range(count):
        first = sheet * SLIPS_A_SHEET
        _draw_sheet(pdf, printed.slips[first : first + SLIPS_A_SHEET], address)
        _write_margin(pdf, f"{printed.batch}  {_SHEET} {sheet + 1} / {count}")
        progress(1)
    return bytes(pdf.output())


def sheet_count(slip_count: int) -> int:
    """Return how many sheets so many slips take."""
    return -(-slip_count // SLIPS_A_SHEET)


def _draw_sheet(pdf: FPDF, slips: Sequence[Slip], address: str) -> None:
    pdf.add_page()
    _draw_cut_lines(pdf)
    shown = _as_printed(address.removeprefix("https://").removeprefix("http://"))
    for place, slip in enumerate(slips):
        down, across = divmod(place, _ACROSS)
        left, top = _LEFT + across * _CELL_WIDTH, _TOP + down * _CELL_HEIGHT
        _write(pdf, left, top + 4, "Helvetica", "B", 9, _TITLE)
        _write(pdf, left, top + 9, "Helvetica", "", 7.5, _PURPOSE)
        _write(pdf, left, top + 15, "Courier", "B", 11, slip.reveal())
        _write(pdf, left, top + 21.5, "Helvetica", "", 7.5, _PRIVATE)
        _write(pdf, left, top + 26, "Helvetica", "", 7.5, shown)


def _write(
    pdf: FPDF, left: float, top: float, font: str, style: str, size: float, text: str
) -> None:
    """Write a line in the middle of a slip; what is too long is set smaller."""
    pdf.set_font(font, style, size)
    room = _CELL_WIDTH - 4
    width = pdf.get_string_width(text)
    if width > room:
        pdf.set_font_size(size * room / width)
    pdf.set_xy(left, top)
    pdf.cell(_CELL_WIDTH, 4, text, align="C")


def _draw_cut_lines(pdf: FPDF) -> None:
    right, bottom = _WIDTH - _LEFT, _HEIGHT - _TOP
    pdf.set_draw_color(_GREY)
    pdf.set_line_width(0.2)
    pdf.set_dash_pattern(dash=_DASH, gap=_DASH)
    for across in range(_ACROSS + 1):
        x = _LEFT + across * _CELL_WIDTH
        pdf.line(x, _TOP - _OVER, x, bottom + _OVER)
    for down in range(_DOWN + 1):
        y = _TOP + down * _CELL_HEIGHT
        pdf.line(_LEFT - _OVER, y, right + _OVER, y)


def _write_margin(pdf: FPDF, text: str) -> None:
    pdf.set_text_color(_GREY)
    pdf.set_font("Helvetica", "", 7)
    pdf.set_xy(_LEFT + 1, _HEIGHT - _TOP + 2)
    pdf.cell(_CELL_WIDTH, 4, text)
    pdf.set_text_color(0)


def _as_printed(text: str) -> str:
    # The fonts that every reader has know the signs of Western Europe alone.
    return text.encode("latin-1", "replace").decode("latin-1")

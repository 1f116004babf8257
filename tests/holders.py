"""Holders of recovery shares around a terminal: they write down and type back."""

import io
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from portal.cli import main

_LINE = re.compile(r"^ ?\d+ [a-z]+ +\d+ .*$", re.MULTILINE)
_WORD = re.compile(r"[a-z]+")
_ASKED = re.compile(r"Word (\d+): $")


class Holders:
    """A terminal's two ends: what is shown, and what the holders answer.

    *slips*: how often a word is typed back wrongly before it is right.
    *leave_at*: at which question somebody presses Ctrl-C.
    """

    def __init__(self, *, slips: int = 0, leave_at: int = 10_000) -> None:
        self.screen = io.StringIO()
        self.papers: list[str] = []
        self.questions = 0
        self._slips, self._leave_at = slips, leave_at
        self._seen = 0
        self._paper = ""

    def hold(
        self, monkeypatch: pytest.MonkeyPatch, instance: Path, *arguments: str
    ) -> int:
        """Hold the ceremony; return the command's exit code."""
        with monkeypatch.context() as terminal:
            terminal.setenv("LURUS_INSTANCE", str(instance))
            terminal.setattr(sys, "stdin", self)
            terminal.setattr(sys, "stdout", self.screen)
            terminal.setattr(sys, "stderr", self.screen)
            with pytest.raises(SystemExit) as ended:
                main(["recover", "shares", *arguments])
        code: Any = ended.value.code
        return int(code or 0)

    def isatty(self) -> bool:
        return False

    def readline(self, *_: int) -> str:
        """Answer the question that stands on the screen."""
        shown = self.screen.getvalue()[self._seen :]
        self._seen += len(shown)
        self.questions += 1
        if self.questions >= self._leave_at:
            raise KeyboardInterrupt
        if lines := _LINE.findall(shown):
            self._paper = " ".join(_WORD.findall(" ".join(lines)))
        if asked := _ASKED.search(shown):
            return self._type_back(int(asked[1]))
        if shown.endswith("[y/N]: "):
            return "y\n"
        return "\n"

    def _type_back(self, number: int) -> str:
        if self._slips:
            self._slips -= 1
            return "academic academic\n"
        if self._paper not in self.papers:
            self.papers.append(self._paper)
        return self._paper.split()[number - 1] + "\n"

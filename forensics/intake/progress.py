"""What long work says while it runs: files, bytes and rows so far, in one line that renews itself."""

from __future__ import annotations

import sys
import threading
import time
from typing import TextIO

EVERY = 0.2  # seconds between two lines on a terminal
BAR = 20  # characters
LINE = 170  # characters of a line, so that it does not wrap
EVERY_IN_LOG = 30.0  # seconds between two lines in a log


class Progress:
    """Counts work as it is begun and done. Quiet where `stream` is None."""

    def __init__(self, stream: TextIO | None = sys.stderr) -> None:
        self.stream = stream
        self.live = bool(stream and stream.isatty())
        self.files = self.bytes = self.rows = self.problems = 0
        self.all_files = self.all_bytes = 0
        self.title = ""
        self._begun = time.monotonic()
        self._said = 0.0
        self._guard = threading.Lock()

    def begin(self, title: str) -> None:
        """Start on another piece of evidence."""
        self.title = title
        self._say(force=True)

    def expect(self, files: int, size: int) -> None:
        """There is more to do."""
        self.all_files += files
        self.all_bytes += size
        self._say()

    def add(self, files: int = 0, size: int = 0, rows: int = 0, problems: int = 0) -> None:
        """Something was done."""
        with self._guard:
            self.files += files
            self.bytes += size
            self.rows += rows
            self.problems += problems
        self._say()

    def end(self) -> None:
        """Leave the last line standing."""
        self._say(force=True)
        if self.live and self.stream:
            self.stream.write("\n")

    def _say(self, force: bool = False) -> None:
        now = time.monotonic()
        if self.stream is None or (not force and now - self._said < (EVERY if self.live else EVERY_IN_LOG)):
            return
        self._said = now
        line = (
            f"{self.title}: {self.files:,} of {self.all_files:,} files, {megabytes(self.bytes)} of"
            f" {megabytes(self.all_bytes)}, {self.rows:,} rows, {self.problems:,} problems, {now - self._begun:.0f} s"
        )
        self.stream.write(f"\r\x1b[2K{self._bar()} {line}"[:LINE] if self.live else line + "\n")
        self.stream.flush()

    def _bar(self) -> str:
        """How far it is, by bytes; more may turn up in archives."""
        done = int(BAR * min(self.bytes / self.all_bytes, 1)) if self.all_bytes else 0
        return "[" + "#" * done + "." * (BAR - done) + "]"


def megabytes(size: int) -> str:
    """A size for people."""
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{size / 1e6:,.1f} MB"

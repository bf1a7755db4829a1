"""The files of a database as they were found, and the versions of its pages that they hold beside those in force."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from forensics.sqlite.pages import Image, Pages, journal_images, log_images
from forensics.sqlite.remains import digest


class Book(NamedTuple):
    """A log or journal: its name as an origin, the file as pages at any offset, and the images it holds in file order."""

    origin: str
    file: Pages
    images: list[Image]


class Files:
    """The files as they were found, beside `pages`, the database that comes of them."""

    def __init__(self, main: Path, wal: Path | None, journal: Path | None, pages: Pages) -> None:
        self.pages = pages
        self.header = pages.header
        self.main = Pages(main, pages.header)
        self.is_current = main == pages.path
        self.books = [
            Book(origin, Pages(path, pages.header), list(read(path, pages.header)))
            for path, read, origin in ((wal, log_images, "wal"), (journal, journal_images, "journal"))
            if path
        ]

    def close(self) -> None:
        self.main.close()
        for book in self.books:
            book.file.close()

    def origin(self, number: int) -> tuple[str, int]:
        """Where a page as it is now was found: in the main file, unless only the log or journal has it."""
        offset, page = (number - 1) * self.header.page_size, self.pages[number]
        if not self.is_current and self.main[number] != page:
            for book in self.books:
                for image in reversed(book.images):
                    if image.number == number and book.file.at(image.offset) == page:
                        return book.origin, image.offset
        return "main", offset

    def old_images(self) -> Iterator[Old]:
        """Versions of pages that differ from the page as it is now: of the log, the journal, and the main file behind them."""
        given: set[bytes] = set()
        for book in self.books:
            for index, image in enumerate(book.images):
                data = book.file.at(image.offset)
                key = digest((image.number, data))
                if key not in given and data != self.pages[image.number]:
                    given.add(key)
                    yield Old(image.number, image.offset, data, book.origin, self._then(book, index))
        if self.is_current:
            return
        touched = {image.number for book in self.books for image in book.images}
        for number in sorted(touched | set(range(self.pages.count + 1, self.main.count + 1))):
            data = self.main[number]
            if data and data != self.pages[number] and digest((number, data)) not in given:
                yield Old(number, (number - 1) * self.header.page_size, data, "main", self.main.__getitem__)

    def _then(self, book: Book, index: int) -> Callable[[int], bytes]:
        """Pages as they were when an image was written: as its own transaction or one before left them, else as in the main file
        if the image is of what log or journal recorded last; empty where that is not known any more."""
        images, group = book.images, book.images[index].group

        def page(number: int) -> bytes:
            last = index
            while not images[last].commit and last + 1 < len(images) and images[last + 1].group == group:
                last += 1
            for image in reversed(images[: last + 1]):
                if image.group == group and image.number == number:
                    return book.file.at(image.offset)
            return self.main[number] if group == images[0].group else b""

        return page


class Old(NamedTuple):
    """A version of a page that is not in force: number, offset in the file `origin`, content, and the pages beside it then."""

    number: int
    offset: int
    data: bytes
    origin: str
    other: Callable[[int], bytes]

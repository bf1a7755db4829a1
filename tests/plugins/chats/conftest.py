"""What tests of chat parsers share."""

import pytest

from forensics import testing
from forensics.evidence.file import File
from forensics.evidence.limits import Limits
from forensics.evidence.open import open_source


@pytest.fixture(scope="session")
def rows_in_archive(corpus, tmp_path_factory):
    """`rows_in_archive(entry, parser, ending)`: rows of the member of a corpus archive whose path ends so, read in its place."""

    def read(entry, parser, ending=""):
        work = tmp_path_factory.mktemp("work")
        source = open_source(corpus / entry["path"], work=work, limits=Limits())
        members = {member.path: member for member in source.walk()}
        path = next(path for path in members if path.endswith(ending))
        file = File(members[path], source, work, find=members.get)
        try:
            return testing.read(parser, file)
        finally:
            file.close()
            source.close()

    return read

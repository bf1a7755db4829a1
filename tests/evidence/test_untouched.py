from __future__ import annotations

import os

import pytest

from forensics.evidence import untouched


@pytest.mark.skipif(not untouched.NOATIME, reason="this system has no way to keep access times")
def test_files_of_others_are_read_although_their_access_time_cannot_be_kept(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"content")
    system = os.open

    def not_the_owner(path, flags, *more, **named):
        if flags & untouched.NOATIME:
            raise PermissionError(1, "Operation not permitted")
        return system(path, flags, *more, **named)

    monkeypatch.setattr(os, "open", not_the_owner)
    assert not untouched.keeps_access_time(tmp_path)
    with untouched.open_untouched(tmp_path / "a") as file:
        assert file.read() == b"content"
    with untouched.list_untouched(tmp_path) as children:
        assert [child.name for child in children] == ["a"]


@pytest.mark.skipif(os.name == "nt", reason="needs links and devices")
def test_links_folders_and_devices_are_no_files(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "missing")
    for path in (tmp_path / "link", tmp_path, "/dev/null"):
        with pytest.raises(untouched.Unreadable):
            untouched.open_untouched(path)


def test_an_opened_file_can_be_read_only_and_can_seek(tmp_path):
    (tmp_path / "a").write_bytes(b"content")
    with untouched.open_untouched(tmp_path / "a") as file:
        assert file.seek(3) == 3
        assert file.read() == b"tent"
        assert not file.writable()

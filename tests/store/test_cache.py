"""What is kept is given back whole, or not at all."""

import pytest

from tobkit.store import cache


def test_what_is_kept_comes_back(tmp_path):
    cache.keep(tmp_path, "index", b"key", b"data" * 1000)
    assert cache.kept(tmp_path, "index", b"key") == b"data" * 1000
    cache.keep(tmp_path, "index", b"key", b"")
    assert cache.kept(tmp_path, "index", b"key") == b""
    assert sorted(path.name for path in (tmp_path / cache.FOLDER).iterdir()) == [".gitignore", "index"]


def test_another_key_or_name_is_nothing(tmp_path):
    cache.keep(tmp_path, "index", b"key", b"data")
    assert cache.kept(tmp_path, "index", b"other") is None
    assert cache.kept(tmp_path, "other", b"key") is None


@pytest.mark.parametrize("place", [0, 20, 60, -1])
def test_a_damaged_file_is_nothing(tmp_path, place):
    cache.keep(tmp_path, "index", b"key", b"data")
    path = tmp_path / cache.FOLDER / "index"
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(bytes(content))
    assert cache.kept(tmp_path, "index", b"key") is None
    path.write_bytes(bytes(content[:30]))
    assert cache.kept(tmp_path, "index", b"key") is None


def test_what_is_too_large_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "LARGEST", 100)
    cache.keep(tmp_path, "index", b"key", b"x" * 101)
    assert not (tmp_path / cache.FOLDER).exists()
    cache.keep(tmp_path, "index", b"key", b"x" * 90)  # with its head it is larger
    assert cache.kept(tmp_path, "index", b"key") is None


def test_where_nothing_can_be_written_nothing_is_said(tmp_path):
    (tmp_path / cache.FOLDER).write_text("a file stands in the way")
    cache.keep(tmp_path, "index", b"key", b"data")
    assert cache.kept(tmp_path, "index", b"key") is None
    assert (tmp_path / cache.FOLDER).read_text() == "a file stands in the way"


def test_links_are_not_followed(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "workspace").mkdir()
    (tmp_path / "workspace" / cache.FOLDER).symlink_to(outside, target_is_directory=True)
    cache.keep(tmp_path / "workspace", "index", b"key", b"data")
    assert list(outside.iterdir()) == []

"""Walking an inbox: what is read, what is passed over, what is refused, and nothing changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gongbao.errors import UnreadableDocument
from gongbao.ingest.inbox import Arrival, ignored, read_bytes, walk
from gongbao.ingest.limits import Limits


def refusal(inbox: Path, name: str, limits: Limits | None = None) -> str:
    with pytest.raises(UnreadableDocument) as refused:
        read_bytes(Arrival(name, inbox / name), (limits or Limits()).file_bytes)
    return refused.value.reason


def test_files_come_in_the_order_of_their_relative_paths(inbox: Path) -> None:
    for name in ("b.txt", "2023/z.txt", "2023/a/x.txt", "a.txt"):
        (inbox / name).parent.mkdir(parents=True, exist_ok=True)
        (inbox / name).write_text("x")
    assert [arrival.uri for arrival in walk(inbox)] == ["2023/a/x.txt", "2023/z.txt", "a.txt", "b.txt"]


def test_a_name_that_is_no_utf8_is_kept_readable(inbox: Path) -> None:
    (inbox / os.fsdecode("公报".encode("gbk") + b".txt")).write_text("x")
    (arrival,) = walk(inbox)
    assert arrival.uri == "%B9%AB%B1%A8.txt"
    assert read_bytes(arrival, Limits().file_bytes) == b"x"


def test_a_folder_that_is_called_like_a_file_is_not_gone_into(inbox: Path) -> None:
    (inbox / "公报.docx").mkdir()
    (inbox / "公报.docx" / "内.txt").write_text("x")
    assert [arrival.uri for arrival in walk(inbox)] == ["公报.docx"]
    assert refusal(inbox, "公报.docx") == "not_a_file"


def test_links_are_never_followed(inbox: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "b.txt").write_text("secret")
    (inbox / "link.txt").symlink_to(tmp_path / "secret.txt")
    (inbox / "folder").symlink_to(tmp_path / "outside")
    (inbox / "nothing.txt").symlink_to("gone.txt")
    (inbox / "loop.txt").symlink_to("loop.txt")
    assert [arrival.uri for arrival in walk(inbox)] == ["folder", "link.txt", "loop.txt", "nothing.txt"]
    assert refusal(inbox, "link.txt") == "link_outside"
    assert refusal(inbox, "folder") == "link_outside"
    assert refusal(inbox, "nothing.txt") == "broken_link"
    assert refusal(inbox, "loop.txt") == "broken_link"


@pytest.mark.parametrize(
    ("name", "reason"),
    [("~$表.xlsx", "lock_file"), (".DS_Store", "system_file"), ("Thumbs.db", "system_file"), ("报告.txt", None)],
)
def test_lock_files_and_furniture_are_passed_over(inbox: Path, name: str, reason: str | None) -> None:
    (inbox / name).write_text("x")
    assert ignored(inbox, Arrival(name, inbox / name)) == reason


def test_a_link_within_the_inbox_is_passed_over(inbox: Path) -> None:
    (inbox / "a.txt").write_text("x")
    (inbox / "b.txt").symlink_to("a.txt")
    assert ignored(inbox, Arrival("b.txt", inbox / "b.txt")) == "link_inside"


def test_a_pipe_does_not_hang_the_night(inbox: Path) -> None:
    os.mkfifo(inbox / "pipe.txt")
    assert refusal(inbox, "pipe.txt") == "not_a_file"


def test_hidden_and_half_uploaded_files_are_refused(inbox: Path) -> None:
    (inbox / ".upload").mkdir()
    (inbox / ".upload" / "a.txt").write_text("x")
    (inbox / ".a.txt.part").write_text("x")
    assert refusal(inbox, ".upload/a.txt") == "hidden_file"
    assert refusal(inbox, ".a.txt.part") == "hidden_file"


def test_a_file_beyond_the_limit_is_not_read(inbox: Path) -> None:
    (inbox / "a.txt").write_bytes(b"x" * 11)
    assert refusal(inbox, "a.txt", Limits(file_bytes=10)) == "oversize"


def test_a_file_that_left_is_refused_as_vanished(inbox: Path) -> None:
    assert refusal(inbox, "gone.txt") == "vanished"


def test_an_inbox_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        walk(tmp_path / "none")

"""Inputs near the seeds: pieces cut, doubled, moved, overwritten or put in, inside the members of a zip container too.

A flipped byte in a container fails its checksum, and nothing behind the checksum is ever reached: so containers are
taken apart, one member is changed, and they are put together again.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence

from hypothesis import strategies as st

from tests.fuzz.target import Target

Change = Callable[[bytes], bytes]
_MOMENT = (1980, 1, 1, 0, 0, 0)
_MOST = 1 << 20


def of(target: Target) -> st.SearchStrategy[bytes]:
    """Inputs of a target: a seed with a few changes, or bytes of no kind."""
    changes = st.lists(_changes(target.words), max_size=6)
    near = st.builds(changed, st.sampled_from(list(target.seeds())), changes, st.integers(0, 1 << 16))
    return st.one_of(near, near, near, st.binary(max_size=200)).map(lambda data: data[: target.largest])


def changed(data: bytes, changes: Sequence[Change], at: int) -> bytes:
    """The bytes after these changes; of a container the member number `at`, or, every eighth time, its own bytes."""
    members = taken_apart(data) if at % 8 else None
    if members:
        name = sorted(members)[at % len(members)]
        return put_together({**members, name: changed(members[name], changes, 0)})
    for change in changes:
        data = change(data)
    return data


def _changes(words: tuple[str, ...]) -> st.SearchStrategy[Change]:
    place = st.floats(0, 1)
    length = st.integers(1, 40)
    piece = st.one_of(
        *([st.sampled_from([word.encode() for word in words])] * 3 if words else []),
        st.binary(min_size=1, max_size=4),
        st.sampled_from([b"\0", b"\xff", b"\xff\xff\xff\xff", b"-1", b"0", b"99999999999999999999", b"<", b">", b"\n"]),
    )
    return st.one_of(
        st.builds(_put_in, place, piece),
        st.builds(_overwrite, place, piece),
        st.builds(_cut, place, length),
        st.builds(_double, place, length, st.integers(1, 50)),
        st.builds(_move, place, place, length),
        st.builds(_end, place),
    )


def _put_in(place: float, piece: bytes) -> Change:
    def change(data: bytes) -> bytes:
        at = int(place * len(data))
        return data[:at] + piece + data[at:]

    return change


def _overwrite(place: float, piece: bytes) -> Change:
    def change(data: bytes) -> bytes:
        at = int(place * len(data))
        return data[:at] + piece + data[at + len(piece) :]

    return change


def _cut(place: float, length: int) -> Change:
    def change(data: bytes) -> bytes:
        at = int(place * len(data))
        return data[:at] + data[at + length :]

    return change


def _double(place: float, length: int, times: int) -> Change:
    def change(data: bytes) -> bytes:
        at = int(place * len(data))
        return data[:at] + data[at : at + length] * times + data[at:]

    return change


def _move(place: float, to: float, length: int) -> Change:
    def change(data: bytes) -> bytes:
        at = int(place * len(data))
        rest, piece = data[:at] + data[at + length :], data[at : at + length]
        return rest[: int(to * len(rest))] + piece + rest[int(to * len(rest)) :]

    return change


def _end(place: float) -> Change:
    return lambda data: data[: max(1, int(place * len(data)))]


def taken_apart(data: bytes) -> dict[str, bytes] | None:
    """The members of a sound zip container of no great size by name; null where it is none."""
    if not data.startswith(b"PK"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > _MOST:
                return None
            return {member.filename: archive.read(member) for member in archive.infolist()}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        return None


def put_together(members: Mapping[str, bytes]) -> bytes:
    """A zip container of these members, the same bytes every time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()

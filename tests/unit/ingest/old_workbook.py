"""Workbooks of the old format (.xls), byte by byte: plain, locked, with sheets of macros or charts."""

from __future__ import annotations

import io
from collections.abc import Sequence
from hashlib import md5
from struct import pack

from msoffcrypto.method.rc4 import DocumentRC4

WORKSHEET, MACROS, CHART = 0, 1, 2
_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SALT = bytes(range(16))

Value = str | float | None
Record = tuple[int, bytes]


def xls(
    sheets: Sequence[tuple[str, int, Sequence[Sequence[Value]]]],
    password: str | None = None,
    stream: str = "Workbook",
) -> bytes:
    """A workbook of sheets (name, kind, rows), locked where there is a password."""
    bodies = [_sheet(rows) for _, _, rows in sheets]
    names = [(name.encode("utf-16-le"), kind) for name, kind, _ in sheets]
    lock = [(0x2F, pack("<HHH", 1, 1, 1) + _SALT + _verifiers(password))] if password else []
    first = [(0x809, pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)), *lock, (0x42, pack("<H", 1200))]
    size = len(_bytes(first)) + sum(12 + len(name) for name, _ in names) + 4
    bounds = []
    for (name, kind), body in zip(names, bodies, strict=True):
        bounds.append((0x85, pack("<IBBBB", size, 0, kind, len(name) // 2, 1) + name))
        size += len(_bytes(body))
    records = [*first, *bounds, (0x0A, b""), *(record for body in bodies for record in body)]
    content = _bytes(records)
    return container(stream, _locked(records, password) if password else content)


def _sheet(rows: Sequence[Sequence[Value]]) -> list[Record]:
    records = [(0x809, pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))]
    width = max(map(len, rows), default=0)
    records.append((0x200, pack("<IIHHH", 0, len(rows), 0, width, 0)))
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            if isinstance(value, str):
                text = value.encode("utf-16-le")
                records.append((0x204, pack("<HHHHB", row, column, 0, len(text) // 2, 1) + text))
            elif value is not None:
                records.append((0x203, pack("<HHHd", row, column, 0, value)))
    return [*records, (0x0A, b"")]


def _bytes(records: Sequence[Record]) -> bytes:
    return b"".join(pack("<HH", number, len(data)) + data for number, data in records)


def _verifiers(password: str | None) -> bytes:
    verifier = bytes(16)
    return DocumentRC4.decrypt(password, _SALT, io.BytesIO(verifier + md5(verifier).digest())).read()


def _locked(records: Sequence[Record], password: str) -> bytes:
    """Every record's data by the key of its place; some, and the place of each sheet, stay as they are."""
    plain = _bytes(records)
    hidden = DocumentRC4.decrypt(password, _SALT, io.BytesIO(plain), blocksize=1024).read()
    locked, at = bytearray(plain), 0
    for number, data in records:
        if number not in (0x809, 0x2F):
            begin = at + 4 + (4 if number == 0x85 else 0)
            locked[begin : at + 4 + len(data)] = hidden[begin : at + 4 + len(data)]
        at += 4 + len(data)
    return bytes(locked)


def container(stream: str, content: bytes) -> bytes:
    """The old Office container with one stream."""
    # Shorter ones would lie elsewhere; what fills up is read as empty records of four bytes.
    content = content.ljust(4096 + len(content) % 4, b"\0")
    count = -(-len(content) // _SECTOR)
    fat = [_FAT, _END, *range(3, count + 2), _END]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0) + pack("<I", 0).ljust(436, b"\xff")
    entries = _entry("Root Entry", 5, 1, _END, 0) + _entry(stream, 2, _FREE, 2, len(content))
    return (
        header
        + pack(f"<{len(fat)}I", *fat).ljust(_SECTOR, b"\xff")
        + entries.ljust(_SECTOR, b"\0")
        + content.ljust(count * _SECTOR, b"\0")
    )


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    written = name.encode("utf-16-le") + b"\0\0"
    places = pack("<III", _FREE, _FREE, child) + bytes(36)
    return written.ljust(64, b"\0") + pack("<HBB", len(written), kind, 1) + places + pack("<IQ", start, size)

"""Office files are zip archives of XML: what is asked of one before any of its parts is parsed.

Nothing is unpacked to disk. A part is inflated to the size that the directory gives, never further: `zipfile` stops
there and its checksum then fails, so a directory that lies gains nothing.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from gongbao.errors import UnreadableDocument
from gongbao.ingest.limits import Limits
from gongbao.ingest.sniff import PACKINGS

_XML = (".xml", ".rels")
_PROLOG_BYTES = 4096
_ENCRYPTED = 0x1


@contextmanager
def opened(file: Path | IO[bytes], name: str, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """The archive in `file`, once it has passed what is asked of it.

    Raises `UnreadableDocument`: oversize, unsafe_container, password_protected; damaged for whatever fails within the
    block while members are read, a wrong checksum too.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            if any(member.header_offset < 0 for member in archive.infolist()):
                raise zipfile.BadZipFile("a member begins before the file does")
            _check(archive, name, limits)
            yield archive
    # A name that is no UTF-8 though its flag says so, and a field cut short, have no error of zipfile's own.
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError, struct.error) as error:
        raise UnreadableDocument(
            "damaged", f"{name} is a damaged zip container ({error})", "fetch the original again"
        ) from None


def _check(archive: zipfile.ZipFile, name: str, limits: Limits) -> None:
    """Refuse zip bombs, members that would leave their folder, and XML with a document type (entity bombs).

    Raises `UnreadableDocument`: oversize, unsafe_container, password_protected; `BadZipFile` for a part that is packed
    otherwise than office programs do.
    """
    members = archive.infolist()
    inflated = sum(member.file_size for member in members)
    if len(members) > limits.archive_members or inflated > limits.inflated_bytes:
        raise UnreadableDocument(
            "oversize", f"{name} unpacks to {inflated:,} bytes in {len(members):,} parts", "split the file"
        )
    for member in members:
        parts = member.filename.replace("\\", "/").split("/")
        if member.filename.startswith(("/", "\\")) or ".." in parts:
            raise UnreadableDocument("unsafe_container", f"{name} has a part {member.filename!r}", "do not open it")
        if member.compress_type not in PACKINGS:  # whose errors when damaged are of many kinds
            raise zipfile.BadZipFile(f"{member.filename} is packed as no office program packs")
        if member.flag_bits & _ENCRYPTED:
            raise UnreadableDocument(
                "password_protected", f"{name} is encrypted with a password", "save it again without a password"
            )
        if member.filename.endswith(_XML):
            with archive.open(member) as part:
                # NUL bytes out: the same words in UTF-16.
                if b"<!DOCTYPE" in part.read(_PROLOG_BYTES).replace(b"\0", b"").upper():
                    raise UnreadableDocument(
                        "unsafe_container", f"{name}: {member.filename} declares entities", "do not open it"
                    )

"""Reading an answer's body within a limit, on the wire and inflated."""

from __future__ import annotations

import zlib

import httpx

from gongbao.ingest.web.outcome import Passing, Unfetched
from gongbao.ingest.web.policy import shown

_STEP = 1 << 20
_GZIP = 16 + zlib.MAX_WBITS
_WINDOWS = {"gzip": (_GZIP,), "x-gzip": (_GZIP,), "deflate": (zlib.MAX_WBITS, -zlib.MAX_WBITS)}


def read(response: httpx.Response, limit: int, cut: bool = False) -> bytes:
    """The whole body, or with `cut` the first `limit` bytes of a longer one.

    Compression was not asked for; some servers compress all the same. Raises `Unfetched`: oversize, incomplete,
    http_error for a compression other than gzip and deflate.
    """
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in {"", "identity", *_WINDOWS}:
        raise Unfetched(
            "http_error",
            f"{shown(response.url)} came compressed as {encoding[:40]!r}, which was not asked for",
            "save the page by hand into an inbox",
        )
    announced = response.headers.get("Content-Length", "")
    if not cut and announced.isdecimal() and len(announced) < 20 and int(announced) > limit:
        raise _oversize(response, limit)
    chunks: list[bytes] = []
    arrived = 0
    for chunk in response.iter_raw():
        chunks.append(chunk)
        arrived += len(chunk)
        if arrived > limit:
            if not cut:
                raise _oversize(response, limit)
            break
    body = b"".join(chunks)
    if encoding in _WINDOWS:
        body = _inflated(response, body, _WINDOWS[encoding], limit, cut)
    return body[:limit] if cut else body


def _inflated(response: httpx.Response, data: bytes, windows: tuple[int, ...], limit: int, cut: bool) -> bytes:
    for window in windows:
        try:
            parts, whole = _inflate(data, window, limit + 1)
        except zlib.error:
            continue  # deflate is sent with and without the zlib header: the next window
        if sum(map(len, parts)) > limit and not cut:
            raise _oversize(response, limit)
        if whole or cut:
            return b"".join(parts)
    raise Passing(
        "incomplete",
        f"the compressed body of {shown(response.url)} is damaged or ends early",
        "fetch it by hand if it stays so",
        pending=False,
    )


def _inflate(data: bytes, window: int, most: int) -> tuple[list[bytes], bool]:
    """The parts of at most so many bytes, whatever the data would grow to, and whether the data ends where it says.

    Members of gzip may follow each other; what follows the last is no matter, as for other readers of gzip.
    """
    parts: list[bytes] = []
    left, whole = most, not data
    member = zlib.decompressobj(window)
    while left and not (whole and not data):
        step = min(left, _STEP)
        try:
            parts.append(member.decompress(data, step))
        except zlib.error:
            if whole:
                break
            raise
        left -= len(parts[-1])
        whole = member.eof
        if whole:
            data, member = member.unused_data, zlib.decompressobj(window)
        elif member.unconsumed_tail or len(parts[-1]) == step:  # a full step may have more to come without more data
            data = member.unconsumed_tail
        else:
            break
    return parts, whole


def _oversize(response: httpx.Response, limit: int) -> Unfetched:
    return Unfetched(
        "oversize",
        f"{shown(response.url)} is more than {limit:,} bytes",
        "raise file_bytes in the source's limits if it is a document",
    )

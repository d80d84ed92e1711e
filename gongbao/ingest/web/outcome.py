"""What asking for an address can come to: a page, the word that nothing changed, or the reason why there is neither."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gongbao.errors import GongbaoError


@dataclass(frozen=True, slots=True)
class Validators:
    """What the last answer of an address said of its version; sent back, it spares an unchanged body."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """An answer with its whole body, decompressed.

    `url` is the address that was asked, `final_url` the one that answered; `moved_to` is where the permanent redirects
    (301, 308) at the start of the way led, null if the first hop was none. `media_type` is lower case without
    parameters, `charset` the parameter of that name as the server wrote it. File names that servers propose are not
    kept.
    """

    url: str
    final_url: str
    status: int
    body: bytes
    etag: str | None = None
    last_modified: str | None = None
    media_type: str | None = None
    charset: str | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server says that the version which the validators name still stands; the validators to keep from now on."""

    url: str
    final_url: str
    etag: str | None = None
    last_modified: str | None = None


class Unfetched(GongbaoError):
    """An address that gave no page. `pending` says that a later night may do better by itself.

    `reason` is a code: blocked_address, unsupported_scheme, robots, not_found, gone, http_error, oversize, redirects,
    incomplete; and pending: rate_limited, server_error, timeout, unreachable.
    """

    def __init__(self, reason: str, what: str, remedy: str = "", pending: bool = False) -> None:
        super().__init__(what, remedy)
        self.reason = reason
        self.pending = pending

    def __reduce__(self) -> tuple[Any, ...]:
        return Unfetched, (self.reason, self.what, self.remedy, self.pending)


class Passing(Unfetched):
    """A failure that another try may mend; `after` is the number of seconds for which the server asked to be left."""

    def __init__(self, reason: str, what: str, remedy: str, pending: bool = True, after: float | None = None) -> None:
        super().__init__(reason, what, remedy, pending)
        self.after = after

"""The one way out: a request with its tries, and the way over redirects, each hop checked like the first."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpcore
import httpx

from gongbao import __version__
from gongbao.ingest.web import body
from gongbao.ingest.web.addresses import Resolve
from gongbao.ingest.web.outcome import NotModified, Page, Passing, Unfetched, Validators
from gongbao.ingest.web.pace import Pace
from gongbao.ingest.web.policy import Access, WebLimits, host_port, malformed, parse, shown
from gongbao.ingest.web.retry import Budget, asked_to_wait, tried
from gongbao.ingest.web.transport import ACCESS, UNTIL, GuardedTransport

_WHOLE = {200, 203}
_PERMANENT = {301, 308}
_MOVED = {*_PERMANENT, 302, 303, 307}
_WORTH_A_TRY = {500, 502, 503, 504}
_LATER = "the next night asks again"
_LONGEST_VALIDATOR = 1000


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: httpx.Headers
    body: bytes


class Client:
    """Requests within a night: own name, no proxies and no netrc of the environment, certificates verified.

    `trust` replaces the usual certificate authorities, `resolve` the system's resolver.
    """

    def __init__(self, contact: str | None, trust: ssl.SSLContext | None, resolve: Resolve) -> None:
        self._pace = Pace()
        self._http = httpx.Client(
            transport=GuardedTransport(trust or httpx.create_ssl_context(trust_env=False), resolve),
            headers={
                "User-Agent": f"gongbao/{__version__}" + (f" (+{contact})" if contact else ""),
                "Accept": "*/*",
                "Accept-Encoding": "identity",
                "Accept-Language": "zh-CN,zh;q=0.9",
                "Connection": "close",
            },
            trust_env=False,
            follow_redirects=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def forget(self) -> None:
        """Drop the cookies: they serve the redirects of one address, no server is recognised at the next."""
        self._http.cookies.clear()

    def follow(
        self,
        url: httpx.URL,
        validators: Validators,
        access: Access,
        limits: WebLimits,
        admit: Callable[[httpx.URL], float],
        cut: bool = False,
    ) -> Page | NotModified:
        """Ask for an address and follow where it leads. Raises `Unfetched`.

        `admit` is called before each hop; it raises, or gives the seconds between two requests to the hop's host. The
        validators go to the host of the address only: another server's versions mean nothing to it.
        """
        budget = Budget(limits)
        asked, moved_to, always = url, None, True
        for hop in range(limits.redirects + 1):
            conditions = _conditions(validators) if url.raw_host == asked.raw_host else {}
            try:
                access.check(url)
                answer = self._ask(url, conditions, access, limits, admit(url), budget, cut)
                if answer.status not in _MOVED:
                    return _outcome(asked, url, answer, moved_to, bool(conditions))
                url = _target(url, answer)
            except Unfetched as error:
                if hop == 0:
                    raise
                what = f"{shown(asked)} leads to another address: {error.what}"
                raise Unfetched(error.reason, what, error.remedy, error.pending) from error
            always = always and answer.status in _PERMANENT
            moved_to = str(url) if always else moved_to
        raise Unfetched(
            "redirects",
            f"{shown(asked)} leads on more than {limits.redirects} times, last to {shown(url)}",
            "look where the page has gone, and correct the address",
        )

    def _ask(
        self,
        url: httpx.URL,
        conditions: dict[str, str],
        access: Access,
        limits: WebLimits,
        interval: float,
        budget: Budget,
        cut: bool,
    ) -> _Answer:
        def once() -> _Answer:
            with self._pace.turn(url.host, interval), budget.request() as until:
                request = self._http.build_request(
                    "GET",
                    url,
                    headers=conditions,
                    timeout=limits.stall_seconds,
                    extensions={ACCESS: access, UNTIL: until},
                )
                return self._exchange(request, limits.body_bytes, cut)

        return tried(once, limits, budget)

    def _exchange(self, request: httpx.Request, most: int, cut: bool) -> _Answer:
        where = shown(request.url)
        response = None
        try:
            response = self._http.send(request, stream=True)
            _refuse_status(response, where)
            content = body.read(response, most, cut) if response.status_code in _WHOLE else b""
            return _Answer(response.status_code, response.headers, content)
        except httpcore.TimeoutException as error:
            raise Passing("timeout", f"{where} gave no whole answer in time ({_named(error)})", _LATER) from error
        except httpcore.NetworkError as error:
            if isinstance(error.__cause__, ssl.SSLCertVerificationError):
                problem = f"the certificate of {host_port(request.url)} is not valid ({error.__cause__.verify_message})"
                raise Unfetched("unreachable", problem, "ask the office to renew it", pending=True) from error
            raise Passing("unreachable", f"{where} cannot be reached ({_named(error)})", _LATER) from error
        except (httpcore.RemoteProtocolError, httpcore.LocalProtocolError) as error:
            if response is None:
                raise Passing("unreachable", f"{where} gave no proper answer ({_named(error)})", _LATER) from error
            problem = f"the answer of {where} broke off ({_named(error)})"
            raise Passing("incomplete", problem, "fetch it by hand if it stays so", pending=False) from error
        except httpx.RemoteProtocolError as error:  # httpx itself says this of a redirect alone
            raise Unfetched(
                "blocked_address", f"{where} leads to no web address ({error})", "correct the address"
            ) from error
        finally:
            if response is not None:
                response.close()


def _refuse_status(response: httpx.Response, where: str) -> None:
    status = response.status_code
    if status in _WHOLE | _MOVED | {304}:
        return
    what = f"{where} answered {status} {response.reason_phrase}".rstrip()
    after = asked_to_wait(response.headers)
    if status == 429:
        raise Passing("rate_limited", what, f"{_LATER}; a longer interval_seconds may help", after=after)
    if status in _WORTH_A_TRY:
        raise Passing("server_error", what, _LATER, after=after)
    if status >= 500:
        raise Unfetched("server_error", what, _LATER, pending=True)
    if status == 404:
        raise Unfetched("not_found", what, "look where the page has gone, and correct the address")
    if status == 410:
        raise Unfetched("gone", what, "the office has withdrawn it; take the address out of the source")
    raise Unfetched("http_error", what, "open it in a browser; save the page into an inbox if it needs one")


def _target(url: httpx.URL, answer: _Answer) -> httpx.URL:
    location = answer.headers.get("Location", "")
    if not location:
        raise Unfetched(
            "http_error", f"{shown(url)} answered {answer.status} and does not say where to go", "correct the address"
        )
    try:
        return parse(str(url.join(location)))
    except httpx.InvalidURL as error:
        raise malformed(location, error) from None


def _outcome(
    asked: httpx.URL, url: httpx.URL, answer: _Answer, moved_to: str | None, conditional: bool
) -> Page | NotModified:
    etag, last_modified = _validator(answer.headers, "ETag"), _validator(answer.headers, "Last-Modified")
    if answer.status == 304:
        if not conditional:
            raise Unfetched("http_error", f"{shown(url)} answered 304 unasked", "open it in a browser")
        return NotModified(str(asked), str(url), etag, last_modified)
    content_type = answer.headers.get("Content-Type", "")
    return Page(
        url=str(asked),
        final_url=str(url),
        status=answer.status,
        body=answer.body,
        etag=etag,
        last_modified=last_modified,
        media_type=content_type.partition(";")[0].strip().lower() or None,
        charset=httpx.Response(200, headers={"Content-Type": content_type}).charset_encoding,
        moved_to=moved_to,
    )


def _conditions(validators: Validators) -> dict[str, str]:
    named = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in named.items() if value}


def _validator(headers: httpx.Headers, name: str) -> str | None:
    """The header if it can be sent back: of a sane length, printable ASCII."""
    value = headers.get(name, "").strip()
    return value if value and len(value) <= _LONGEST_VALIDATOR and value.isascii() and value.isprintable() else None


def _named(error: Exception) -> str:
    return str(error) or type(error).__name__

"""https: the certificate must be valid for the name that was asked, whatever address it has."""

from __future__ import annotations

import datetime
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gongbao.ingest.web import Access, Unfetched, Web
from tests.web_server import WebServer, page

from .conftest import QUICK


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for office.test that signs itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "office.test")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("office.test")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("certificate") / "office.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def secure(certificate: Path) -> Iterator[WebServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with WebServer(tls=context) as opened:
        opened.reply("/a", page("x"))
        yield opened


def _web(certificate: Path | None) -> Web:
    trust = ssl.create_default_context(cafile=str(certificate)) if certificate else None
    return Web(trust=trust, resolve=lambda host, port: ["127.0.0.1"])


def test_the_name_asked_is_the_one_proved(secure: WebServer, certificate: Path) -> None:
    with _web(certificate) as web:
        access = Access.of(private_hosts=[f"office.test:{secure.port}"])
        for host in ("office.test", "OFFICE.test."):
            assert web.fetch(secure.url("/a", host), access=access, limits=QUICK).body == b"x"


def test_another_name_at_the_same_address_is_not(secure: WebServer, certificate: Path) -> None:
    with _web(certificate) as web, pytest.raises(Unfetched) as failure:
        access = Access.of(private_hosts=[f"other.test:{secure.port}"])
        web.fetch(secure.url("/a", "other.test"), access=access, limits=QUICK)
    assert (failure.value.reason, failure.value.pending) == ("unreachable", True)
    assert "certificate" in failure.value.what
    assert secure.asked() == []


def test_a_certificate_that_nobody_vouches_for_is_refused(secure: WebServer) -> None:
    with _web(None) as web, pytest.raises(Unfetched, match="certificate"):
        access = Access.of(private_hosts=[f"office.test:{secure.port}"])
        web.fetch(secure.url("/a", "office.test"), access=access, limits=QUICK)
    assert secure.asked() == []

"""A certificate authority for tests, with certificates of any age and name."""

from __future__ import annotations

import base64
import datetime as dt
import ipaddress
import ssl
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Pair:
    """A certificate and its key as PEM."""

    certificate: str
    key: str

    @property
    def user(self) -> dict[str, str]:
        """As a kubeconfig has it."""
        return {"client-certificate-data": encoded(self.certificate), "client-key-data": encoded(self.key)}

    def written(self, directory: Path, name: str) -> Path:
        """Both in one file."""
        path = directory / f"{name}.pem"
        path.touch(0o600)
        path.write_text(self.key + self.certificate)
        return path


def encoded(text: str) -> str:
    """Base64, as kubeconfigs have it."""
    return base64.b64encode(text.encode()).decode()


@dataclass
class Authority:
    """Signs certificates."""

    name: str = "tests"
    _key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def pem(self) -> str:
        certificate = _builder(self.name, self.name, self._key, days=1).add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        )
        return _pem(certificate.sign(self._key, hashes.SHA256()))

    def issue(self, name: str = "127.0.0.1", days: int = 1) -> Pair:
        """A certificate for an address, host or person; negative days: expired that long ago."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject: x509.GeneralName = x509.DNSName(name)
        if name.replace(".", "").isdigit():
            subject = x509.IPAddress(ipaddress.ip_address(name))
        builder = _builder(name, self.name, key, days)
        builder = builder.add_extension(x509.SubjectAlternativeName([subject]), critical=False)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return Pair(_pem(builder.sign(self._key, hashes.SHA256())), private.decode())

    def server_context(
        self, directory: Path, name: str = "127.0.0.1", clients: Authority | None = None
    ) -> ssl.SSLContext:
        """For a TLS server; with ``clients`` it wants a certificate that this authority signed."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.issue(name).written(directory, f"server-{name}"))
        if clients is not None:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(cadata=clients.pem)
        return context


def _builder(subject: str, issuer: str, key: ec.EllipticCurvePrivateKey, days: int) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=100))
        .not_valid_after(now + dt.timedelta(days=days))
    )


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()

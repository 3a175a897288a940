"""A real mail server on a free loopback port, and an office of jobs that sends through it."""

import datetime as dt
import ipaddress
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from care.channels import Channels
from care.channels.mail import Mail
from care.letters import Desk
from commands.jobs.delivery import Office
from models.db import new_id
from tests.people import World
from tests.served import free_port

BASE = "https://app.example.org"
SENDER = "Interlude <post@app.example.org>"


class MailBox:
    """What a mail server does with each letter: keeps it, after answering as it is told to."""

    def __init__(self, answer: Callable[[str], str] = lambda _: "250 OK") -> None:
        self.answer = answer
        self.letters: list[Message] = []

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        told = self.answer(address)
        if told.startswith("2"):
            envelope.rcpt_tos.append(address)
        return told

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.letters.append(message_from_bytes(envelope.content, policy=default))
        return "250 taken"

    def texts(self) -> list[str]:
        return [text_of(letter) for letter in self.letters]


def text_of(letter: Message) -> str:
    assert isinstance(letter, EmailMessage)
    return str(letter.get_content()).strip()


@contextmanager
def mail_server(box: MailBox, **options: Any) -> Iterator[Mail]:
    """A channel to a server that puts letters in the box, for as long as the block."""
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield Mail("127.0.0.1", port, SENDER)
    finally:
        controller.stop()


def office(world: World, channels: Channels, clock: Callable[[], dt.datetime]) -> Office:
    """A process of jobs of the test's own."""
    services = world.services
    desk = Desk(services.keys, BASE)
    return Office(services.database, desk, channels, clock, new_id().hex)


def certificate(folder: Path, host: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a new certificate for this host, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = dt.datetime.now(dt.UTC)
    try:
        subject: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        subject = x509.DNSName(host)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([subject]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))

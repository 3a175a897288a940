"""The webhook: signed, https, to the open network alone, however an inside address is spelled."""

import hmac
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from care.channels import NotSent, Outgoing
from care.channels.public_address import is_public
from care.channels.webhook import Webhook, resolve, url_fault
from models.db import new_id
from tests.letters import NOON
from tests.post import certificate

SECRET = "0123456789abcdef0123456789abcdef"
LETTER = Outgoing(new_id(), "+49 30 5550123", "Interlude", "There is a new task.", NOON)

# What a resolver may answer: inside, this machine, a cloud's own, translated, or nobody's.
INSIDE = [
    *("192.88.99.1", "3fff::1", "3fff:fff:ffff::1"),
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255"),  # noqa: S104
    *("192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1"),
    *("198.51.100.7", "203.0.113.7", "224.0.0.1", "239.255.255.250", "240.0.0.1"),
    *("255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:7f00:1"),
    *("::127.0.0.1", "::7f00:1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254"),
    *("64:ff9b::7f00:1", "64:ff9b::169.254.169.254", "64:ff9b:1::a00:1", "2002:7f00:1::"),
    *("2002:a9fe:a9fe::", "2001:0:7f00:1::", "2001:db8::1", "ff02::1", "100::1", "x", ""),
]
OUTSIDE = ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8"]

# Ways to write this machine, or one inside, in a URL.
SPELLINGS = [
    *("127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001"),
    *("0177.0.0.1", "0x7f.0x0.0x0.0x1", "127.000.000.001", "0", "0.0.0.0", "[::1]", "[::]"),  # noqa: S104
    *("[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]", "[::127.0.0.1]", "localhost"),
    *(
        "LOCALHOST",
        "my.localhost",
        "169.254.169.254",
        "0xa9fea9fe",
        "2852039166",
        "10.1",
        "192.168.1",
    ),
    *("[fd00:ec2::254]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"),
]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_outside_is_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_as_public_in_each_of_its_ipv6_dresses(address: Any) -> None:
    assert is_public(f"::ffff:{address}") is is_public(str(address))
    undone = int(address)
    for dressed in (undone, (0x0064FF9B << 96) | undone, (0x2002 << 112) | (undone << 80)):
        assert not is_public(str(ip_address(dressed.to_bytes(16, "big"))))


@pytest.mark.parametrize("host", SPELLINGS)
def test_a_host_inside_is_refused_at_start_however_spelled(host: str) -> None:
    assert url_fault(f"https://{host}/hook") == "not a public address"


@pytest.mark.parametrize("host", [*SPELLINGS, "①②⑦.⓪.⓪.①", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ"])
def test_and_again_at_sending_whatever_was_configured(host: str) -> None:
    hook = Webhook(host.strip("[]"), "/", SECRET)
    with pytest.raises(NotSent) as caught:
        hook.send(LETTER)
    assert caught.value.fault in ("private_address", "unreachable")  # or no resolver knows it


@pytest.mark.parametrize(
    "url",
    [
        *("http://gateway.example.org/", "ftp://gateway.example.org/", "https://", "gateway", ""),
        *("https://gateway.example.org:8443/", "https://gateway.example.org:22/", "https://[::1"),
        *("https://user@gateway.example.org/", "https://user:word@gateway.example.org/"),
        *(
            "https://gateway.example.org/#x",
            "https://gateway.example.org/a b",
            "https://gäteway.org/",
        ),
        *("https://8.8.8.8@127.0.0.1/", "https://127.0.0.1#@8.8.8.8/", "https:///etc/passwd"),
        *("https://gateway.example.org:x/", "https://gateway.example.org\r\nX: y", "file:///etc"),
    ],
)
def test_a_url_of_any_other_form_is_refused(url: str) -> None:
    assert url_fault(url) is not None
    with pytest.raises(ValueError, match=r"."):
        Webhook.at(url, SECRET)


def test_a_good_url_is_taken_apart() -> None:
    hook = Webhook.at("https://gateway.example.org/a/b?c=d", SECRET)
    assert (hook.host, hook.port, hook.path) == ("gateway.example.org", 443, "/a/b?c=d")
    assert Webhook.at("https://gateway.example.org:443", SECRET).path == "/"
    assert SECRET not in repr(hook)


@pytest.mark.parametrize("answers", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], []])
def test_a_name_that_resolves_inside_is_not_connected_to(answers: list[str]) -> None:
    """Of several addresses all must be outside: which one is taken is nobody's to choose."""
    hook = Webhook("gateway.example.org", "/", SECRET, resolve=lambda *_: answers)
    with pytest.raises(NotSent) as caught:
        hook.send(LETTER)
    assert caught.value.fault == "private_address"


class Gateway(BaseHTTPRequestHandler):
    """Keeps what it is sent and answers as its server says."""

    server: Any

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Location", "https://127.0.0.1/elsewhere")
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *_: Any) -> None:
        """Nothing is printed."""


@contextmanager
def gateway(folder: Path) -> Iterator[tuple[Any, Webhook]]:
    """A gateway on this machine and a webhook that is let in to it, by a name of its own."""
    tls, trusting = certificate(folder, "gateway.example.org")
    server: Any = HTTPServer(("127.0.0.1", 0), Gateway)
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    server.seen, server.status, server.answer = [], 200, b"ok"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    hook = Webhook(
        "gateway.example.org",
        "/hook",
        SECRET,
        port=server.server_port,
        resolve=lambda *_: ["127.0.0.1"],
        is_allowed=lambda _: True,
        context=trusting,
    )
    try:
        yield server, hook
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def test_a_letter_is_posted_and_signed(tmp_path: Path) -> None:
    with gateway(tmp_path) as (server, hook):
        hook.send(LETTER)
    ((path, headers, body),) = server.seen
    told = {"id": str(LETTER.id), "to": "+49 30 5550123", "text": "There is a new task."}
    assert (path, orjson.loads(body)) == ("/hook", told)
    at = int(NOON.timestamp())
    mac = hmac.new(SECRET.encode(), f"{at}.".encode() + body, "sha256").hexdigest()
    assert headers["Interlude-Signature"] == f"t={at},v1={mac}"
    assert headers["Idempotency-Key"] == str(LETTER.id)
    assert headers["Host"].startswith("gateway.example.org")


@pytest.mark.parametrize(
    ("status", "fault", "is_refused"),
    [
        (301, "redirected", False),
        (307, "redirected", False),
        (400, "recipient_refused", True),
        (404, "recipient_refused", True),
        (429, "server_refused", False),
        (500, "server_refused", False),
        (503, "server_refused", False),
    ],
)
def test_any_answer_but_yes_is_none_and_no_redirect_is_followed(
    tmp_path: Path, status: int, fault: str, is_refused: bool
) -> None:
    with gateway(tmp_path) as (server, hook):
        server.status = status
        with pytest.raises(NotSent) as caught:
            hook.send(LETTER)
    assert (caught.value.fault, caught.value.is_refused) == (fault, is_refused)
    assert len(server.seen) == 1


def test_a_huge_answer_is_not_read(tmp_path: Path) -> None:
    with gateway(tmp_path) as (server, hook):
        server.answer = b"x" * 100
        hook.send(LETTER)


def test_who_cannot_prove_the_name_gets_nothing(tmp_path: Path) -> None:
    with gateway(tmp_path) as (server, hook):
        for other in (
            replace(hook, context=ssl.create_default_context()),
            replace(hook, host="other.example.org"),
        ):
            with pytest.raises(NotSent) as caught:
                other.send(LETTER)
            assert caught.value.fault == "no_tls"
    assert server.seen == []


def test_a_gateway_that_says_nothing_is_given_up_soon() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        hook = Webhook(
            "gateway.example.org",
            "/",
            SECRET,
            port=listener.getsockname()[1],
            resolve=lambda *_: ["127.0.0.1"],
            is_allowed=lambda _: True,
            letter_seconds=0.1,
        )
        with pytest.raises(NotSent) as caught:
            hook.send(LETTER)
    assert caught.value.fault in ("no_tls", "unreachable")  # how a cut reads is the library's


def test_a_name_is_resolved_by_the_system() -> None:
    assert "127.0.0.1" in resolve("localhost", 443)

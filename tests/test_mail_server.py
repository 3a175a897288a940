"""Mail over TLS: the server must be whom its certificate names, or nothing is sent."""

import ssl
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult

from care.channels import NotSent, Outgoing
from care.channels.mail import Mail, sender_fault, url_fault
from models.db import new_id
from tests.letters import NOON
from tests.post import MailBox, certificate, mail_server

LETTER = Outgoing(new_id(), "a@example.org", "Interlude", "There is a new task.", NOON)


def fault_of(mail: Mail, outgoing: Outgoing = LETTER) -> str:
    with pytest.raises(NotSent) as caught:
        mail.send(outgoing)
    return caught.value.fault


def test_a_letter_goes_over_tls_where_the_server_offers_it(tmp_path: Path) -> None:
    server, client = certificate(tmp_path, "localhost")
    box = MailBox()
    with mail_server(box, tls_context=server, require_starttls=True) as mail:
        trusting = replace(mail, host="localhost", context=client)
        trusting.send(LETTER)
        assert fault_of(replace(trusting, context=ssl.create_default_context())) == "no_tls"
        assert fault_of(replace(trusting, host="127.0.0.1")) == "no_tls"  # another name
    assert len(box.letters) == 1


def test_a_server_of_tls_from_the_start_is_checked_too(tmp_path: Path) -> None:
    server, client = certificate(tmp_path, "localhost")
    box = MailBox()
    with mail_server(box, ssl_context=server) as mail:
        trusting = replace(mail, host="localhost", is_smtps=True, context=client)
        trusting.send(LETTER)
        assert fault_of(replace(trusting, context=ssl.create_default_context())) == "no_tls"
    assert len(box.letters) == 1


def test_off_this_machine_nothing_is_sent_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    box = MailBox()
    with mail_server(box) as mail:
        assert fault_of(replace(mail, host="127.0.0.2.nip.invalid")) == "unreachable"
        monkeypatch.setattr("care.channels.mail._is_loopback", lambda _host: False)
        assert fault_of(mail) == "no_tls"
    assert box.letters == []


def test_a_login_is_made_where_one_is_given(tmp_path: Path) -> None:
    server, client = certificate(tmp_path, "localhost")
    seen: list[Any] = []

    def authenticated(_server: Any, _session: Any, _envelope: Any, _how: str, who: Any) -> Any:
        seen.append((who.login, who.password))
        return AuthResult(success=who.password == b"s@same")

    box = MailBox()
    options = {"tls_context": server, "authenticator": authenticated, "auth_required": True}
    with mail_server(box, **options) as mail:
        url = f"smtp://post:s%40same@localhost:{mail.port}"
        known = replace(Mail.at(url, mail.sender), context=client)
        known.send(LETTER)
    assert (seen[0], len(box.letters)) == ((b"post", b"s@same"), 1)
    assert "s@same" not in repr(known)


def test_an_address_no_header_can_hold_is_never_tried_as_one() -> None:
    box = MailBox()
    with mail_server(box) as mail:
        injected = replace(LETTER, recipient="a@example.org\nBcc: b@example.org")
        assert fault_of(mail, injected) == "unsendable"
    assert box.letters == []


@pytest.mark.parametrize(
    "url",
    [
        *("", "mail.example.org", "http://mail.example.org", "smtp://", "smtp://host:x"),
        *("smtp://host:99999", "smtp://host/path", "smtp://host?x", "smtps://host#x", "smtp://[x"),
    ],
)
def test_what_is_no_mail_server_is_refused(url: str) -> None:
    assert url_fault(url) is not None
    with pytest.raises(ValueError, match=r"."):
        Mail.at(url, "a@example.org")


def test_a_server_has_its_usual_port_and_any_other_on_request() -> None:
    assert Mail.at("smtp://mail.example.org", "a@b.org").port == 587
    assert Mail.at("smtps://mail.example.org/", "a@b.org").port == 465
    assert Mail.at("smtp://mail.example.org:25", "a@b.org").port == 25


@pytest.mark.parametrize(
    ("sender", "is_good"),
    [
        *((good, True) for good in ("a@b.org", "Interlude <post@b.org>", "root@localhost")),
        *((bad, False) for bad in ("", "post", "@b.org", "a@", "Ünter <a@b.org>", "a@b.org\nX: y")),
    ],
)
def test_letters_come_from_an_address(sender: str, is_good: bool) -> None:
    assert (sender_fault(sender) is None) is is_good

"""Somebody logged in to a running server, who holds every answer to the contract."""

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.contract import BrokenContract, Told, check_told

TIMEOUT_SECONDS = 30.0


class Broken(AssertionError):
    """A rule that the server does not keep: what was expected, and what came."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None

    @property
    def etag(self) -> str:
        return self.headers.get("Etag", "")

    @property
    def problem(self) -> tuple[int, str]:
        """The status and the last word of the type of a problem document."""
        expect("a problem document", self.headers.get("Content-Type"), "application/problem+json")
        told = self.json
        expect("the status in the document", told["status"], self.status)
        return self.status, str(told["type"]).removeprefix("/problems/")


def expect(what: str, found: object, wanted: object) -> None:
    """Never given what a patient answered, but on this run's own days."""
    if found != wanted:
        raise Broken(f"{what}: expected {wanted!r}, came {found!r}"[:500])


@dataclass
class Speaker:
    """`epochs` are all that were told; `unnamed` how many answers told none."""

    url: str
    token: str = ""
    epochs: set[str] = field(default_factory=set)
    unnamed: list[str] = field(default_factory=list)
    unpromised: list[str] = field(default_factory=list)

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        template: str | None = None,
    ) -> Answer:
        """The answer; `body` is sent as it is if it is bytes. `template` is the contract's name of
        the path, where it differs."""
        content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        target = path + (f"?{urlencode(query)}" if query else "")
        sent = {"Content-Type": "application/json"} if content is not None else {}
        sent |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        answer = self._exchange(method, target, content, {**sent, **(headers or {})})
        self._note(method, template or path, answer)
        return answer

    def _exchange(
        self, method: str, target: str, content: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        parts = urlsplit(self.url)
        place, port = parts.hostname or "", parts.port
        connection: http.client.HTTPConnection
        if parts.scheme == "https":
            context = ssl.create_default_context()
            connection = http.client.HTTPSConnection(
                place, port, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            connection = http.client.HTTPConnection(place, port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request(method, parts.path.rstrip("/") + target, content, dict(headers))
            response = connection.getresponse()
            told = {name.title(): value for name, value in response.getheaders()}
            return Answer(response.status, told, response.read())
        finally:
            connection.close()

    def _note(self, method: str, template: str, answer: Answer) -> None:
        where = f"{method} {template} -> {answer.status}"
        if "Epoch" in answer.headers:
            self.epochs.add(answer.headers["Epoch"])
        else:
            self.unnamed.append(where)
        known = template if template.startswith("/v1/") and "nowhere" not in template else None
        if known is None:
            return
        try:
            check_told(known, Told(method, answer.status, answer.headers, answer.body))
        except (BrokenContract, KeyError) as broken:
            self.unpromised.append(str(broken))


def logged_in(url: str, email: str, password: str) -> Speaker:
    """A speaker for this person; Broken where the login is not taken."""
    speaker = Speaker(url)
    answer = speaker.send("POST", "/v1/auth/login", {"email": email, "password": password})
    expect(f"the login of {email}", answer.status, 200)
    expect(f"the role of {email}", answer.json["user"]["role"], "patient")
    speaker.token = answer.json["access_token"]
    return speaker

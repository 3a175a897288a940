"""The way between a phone and the server, and what can happen on it."""

import http.client
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlencode

import orjson

from tests.faults.history import Event, History
from tests.sync.wire import Reply, Unanswered

TIMEOUT_SECONDS = 5.0
# How likely a request meets the trouble that is switched on, and how late a late one may be.
SHARE, LATEST_SECONDS = 0.3, 1.5
OK, FAIL = ("applied", "duplicate"), ("conflict", "gone", "rejected", "mismatch")


class PhoneDied(Exception):
    """The phone ended between a request and its answer."""


@dataclass
class Weather:
    """What is wrong with the network now: any of answer_lost, duplicated, reordered, truncated and
    phone_died. One for all phones; the nemesis changes it."""

    troubles: frozenset[str] = frozenset()
    late: list[threading.Thread] = field(default_factory=list)

    def settle(self) -> None:
        """Wait for all that is under way."""
        self.troubles = frozenset()
        while self.late:
            self.late.pop().join()


class Network:
    """One phone's transport (tests/sync/wire.py); every answer is noted."""

    def __init__(
        self, port: int, *, history: History, weather: Weather, random: Random, token: Any
    ) -> None:
        self._port, self._history, self._weather = port, history, weather
        self._random: Random = random
        self._token: Callable[[], str] = token

    def __call__(self, method: str, path: str, *, query: Any, body: Any) -> Reply:
        target = path + (f"?{urlencode(query)}" if query else "")
        content = None if body is None else orjson.dumps(body)
        items = body["items"] if body else []
        self._history.write({"what": "invoke", "op": one["op_id"], "item": one} for one in items)
        trouble = self._trouble()
        try:
            reply = self._through(trouble, (method, target, content), items)
        except (OSError, http.client.HTTPException) as error:
            told = type(error).__name__
            self._history.write([{"what": "info", "why": told, "ops": _names(items)}])
            raise Unanswered from error
        self._note(reply, items)
        return reply

    def _trouble(self) -> str | None:
        troubles = sorted(self._weather.troubles)
        return self._random.choice(troubles) if troubles and self._random.random() < SHARE else None

    def _through(self, trouble: str | None, request: Any, items: Any) -> Reply:
        if trouble == "reordered":
            self._later(request, items)
            raise ConnectionError("held up")
        if trouble == "duplicated":
            self._later(request, items)
        if trouble == "truncated":
            _send_half(self._port, request, self._token())
            raise ConnectionError("cut")
        reply = _ask(self._port, request, self._token())
        if trouble == "answer_lost":
            raise ConnectionError("lost")
        if trouble == "phone_died":
            self._history.write([{"what": "info", "why": "died", "ops": _names(items)}])
            raise PhoneDied
        return reply

    def _later(self, request: Any, items: Any) -> None:
        """The same request arrives by itself, some time after; nobody reads the answer."""
        wait, token = self._random.uniform(0, LATEST_SECONDS), self._token()

        def arrive() -> None:
            time.sleep(wait)
            with suppress(OSError, http.client.HTTPException):
                reply = _ask(self._port, request, token)
                self._history.write([_response(reply)])
                self._history.write(
                    {"what": "unread", **_told(reply, one)} for one in _results(reply, items)
                )

        thread = threading.Thread(target=arrive, daemon=True)
        self._weather.late.append(thread)
        thread.start()

    def _note(self, reply: Reply, items: Any) -> None:
        self._history.write([_response(reply)])
        if not items:
            return
        results = _results(reply, items)
        if not results:
            self._history.write([{"what": "info", "why": reply.status, "ops": _names(items)}])
        self._history.write(_event(reply, one) for one in results)


def _names(items: Any) -> list[str]:
    return [one["op_id"] for one in items]


def _results(reply: Reply, items: Any) -> list[Any]:
    return list(reply.body["results"]) if items and reply.status == 200 else []


def _response(reply: Reply) -> Event:
    headers = {name: reply.headers.get(name) for name in ("Epoch", "Retry-After", "Content-Type")}
    return {"what": "http", "status": reply.status, **headers}


def _event(reply: Reply, result: Mapping[str, Any]) -> Event:
    status = result["status"]
    kind = "ok" if status in OK else "fail" if status in FAIL else "info"
    return {"what": kind, **_told(reply, result)}


def _told(reply: Reply, result: Mapping[str, Any]) -> Event:
    told = {key: result[key] for key in ("date", "status", "revision")}
    return {"op": result["op_id"], "epoch": reply.headers.get("Epoch"), **told}


def _headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}


def _ask(port: int, request: Any, token: str) -> Reply:
    method, target, content = request
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request(method, target, content, _headers(token))
        response = connection.getresponse()
        told = response.read()
    finally:
        connection.close()
    # As the client asks for them, whatever case the server wrote.
    headers = {name.title(): value for name, value in response.getheaders()}
    is_json = "json" in headers.get("Content-Type", "")
    return Reply(response.status, headers, orjson.loads(told) if is_json else None)


def _send_half(port: int, request: Any, token: str) -> None:
    """The first half of the body, then nothing more."""
    method, target, content = request
    body = content or b""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    try:
        connection.putrequest(method, target)
        for name, value in {**_headers(token), "Content-Length": str(len(body))}.items():
            connection.putheader(name, value)
        connection.endheaders(body[: len(body) // 2])
    finally:
        connection.close()


def read_json(port: int, path: str, token: str) -> tuple[int, Any]:
    """The status and the document of one GET."""
    reply = _ask(port, ("GET", path, None), token)
    return reply.status, reply.body

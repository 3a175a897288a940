"""The days a check of a running server writes to: far from all others, and deleted afterwards."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import SystemRandom
from typing import Any

from tests.conform.speaker import Answer, Speaker, expect

BATCH, CHANGES = "/v1/me/checkins/batch", "/v1/me/changes"
TEMPLATE = "/v1/me/checkins/{date}"
# The first years that can be logged at all (clinical/days.py): before anybody used this.
FIRST, SPAN_DAYS = date(2020, 1, 1), 700


@dataclass
class Ground:
    """One patient's free days, taken one after the other. `run` is part of every name given."""

    me: Speaker
    other: Speaker
    run: str = field(default_factory=lambda: secrets.token_hex(6))
    used: list[str] = field(default_factory=list)
    _taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        items, _ = pulled(self.me)
        self._taken = {item["date"] for item in items}

    def day(self) -> str:
        """A day that neither is nor ever was."""
        random = SystemRandom()
        while True:
            day = str(FIRST + timedelta(days=random.randrange(SPAN_DAYS)))
            if day not in self._taken:
                self._taken.add(day)
                self.used.append(day)
                return day

    def name(self, what: str) -> str:
        return f"conform-{self.run}-{what}"

    def put(self, day: str, body: Any = None, **headers: str) -> Answer:
        """`body` are answers, or bytes to be sent as they are; headers by name with underscores."""
        content = body if isinstance(body, bytes) else entry(day, body)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.me.send("PUT", own(day), content, headers=sent, template=TEMPLATE)

    def get(self, day: str, **headers: str) -> Answer:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.me.send("GET", own(day), headers=sent, template=TEMPLATE)

    def delete(self, day: str, **headers: str) -> Answer:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.me.send("DELETE", own(day), headers=sent, template=TEMPLATE)

    def batch(self, *items: Any, **envelope: Any) -> Answer:
        return self.me.send("POST", BATCH, batch_of(*items, **envelope))

    def results(self, *items: Any, **envelope: Any) -> list[dict[str, Any]]:
        """The results of a batch that was taken, one for each item."""
        answer = self.batch(*items, **envelope)
        expect("the status of a batch", answer.status, 200)
        results: list[dict[str, Any]] = answer.json["results"]
        expect("how many results", len(results), len(items))
        return results

    def item(self, what: str, day: str, base: int = 0, **answers: Any) -> dict[str, Any]:
        named = {"op_id": self.name(what), "date": day, "base_revision": base}
        return named | entry(day, answers)

    def clean_up(self) -> list[str]:
        """Delete all that was logged; the days that could not be."""
        left = []
        for day in self.used:
            stored = self.get(day)
            if stored.status == 200 and self.delete(day, If_Match=stored.etag).status != 204:
                left.append(day)
        return left


def own(day: str) -> str:
    return f"/v1/me/checkins/{day}"


def entry(day: str, answers: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A body entered that evening: mood 6 unless other answers are given."""
    return {"recorded_at": f"{day}T18:00:00Z", "timezone": "Europe/Berlin"} | dict(
        answers or {"mood": 6}
    )


def batch_of(*items: Any, **envelope: Any) -> dict[str, Any]:
    sent = {"device_id": "conformance", "epoch": None, "sent_at": "2024-06-01T08:00:00Z"}
    return {**sent, **envelope, "items": list(items)}


def pulled(speaker: Speaker, cursor: str | None = None, limit: int = 200) -> tuple[list[Any], str]:
    """All changes after a cursor, and where to go on."""
    items: list[Any] = []
    for _ in range(10_000):
        query = {"limit": limit} | ({} if cursor is None else {"cursor": cursor})
        answer = speaker.send("GET", CHANGES, query=query)
        expect("the status of a pull", answer.status, 200)
        items += answer.json["items"]
        cursor = answer.json["next"]
        if not answer.json["more"]:
            assert cursor is not None
            return items, cursor
    raise AssertionError("A pull does not come to an end.")

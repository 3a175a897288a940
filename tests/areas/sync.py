"""Routes a phone syncs through."""

from collections.abc import Mapping
from typing import Any

from tests.entries import entry
from tests.people import Household

TABLE = """
POST   /v1/me/checkins/batch                  200   200   403   403  403   403   403   401
GET    /v1/me/changes                         200   200   403   403  403   403   403   401
"""

SPECIAL: Mapping[Any, Any] = {}
HEADERS: Mapping[Any, Any] = {}


def batch_of(*items: Mapping[str, Any], **envelope: Any) -> dict[str, Any]:
    """A batch from one device; what is left out of an item is made up by `item`."""
    sent = {"device_id": "phone", "epoch": None, "sent_at": "2024-06-01T08:00:00Z"}
    return {**sent, **envelope, "items": list(items)}


def item(op_id: str, day: str, base: int = 0, **answers: Any) -> dict[str, Any]:
    """One operation: mood 6 that evening unless other answers are given."""
    return {"op_id": op_id, "date": day, "base_revision": base, **entry(day, **answers)}


BODIES: Mapping[Any, Any] = {
    ("POST", "/v1/me/checkins/batch"): lambda *_: batch_of(item("op-1", "2024-05-10")),
}


def ids(_home: Household) -> dict[str, str]:
    """What this area's path parameters name in the household."""
    return {}


def foreign(_home: Household) -> dict[str, str]:
    """The same in another clinic."""
    return {}


def sendings(home: Household) -> dict[str, Any]:
    """This area's operations with a body, as their sender would rightly send them."""
    body = batch_of(item("op-1", "2024-05-10"))
    return {"send_batch": (home.patient, "POST", "/v1/me/checkins/batch", body)}

"""Who said what, and who had seen what when they said it: written beside the run, and asked after.

An edit claims the answers it changed. An acknowledged claim may give way to nothing but another
acknowledged one: of an edit that had seen it, or that is the later of two that had not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from clinical.checkins import ANSWER_KEYS, NO_ANSWERS, normalized
from clinical.days import clock_suspect
from tests.sync.device import Phone
from tests.sync.merge import THOUGHTS
from tests.sync.outbox import Operation

DELETED = "deleted"
PUT_TOGETHER = ("suicidal_thoughts", "side_effects")  # the later does not take the other's place
BY_STAFF = ("energy",)  # what the clinician notes from a call, and no device says


@dataclass
class Edit:
    """One edit under its first name. `claims` is the answers it changed, or that it deletes;
    `seen` the edits whose effect its device had seen."""

    root: str
    day: str
    claims: dict[str, Any]
    seen: frozenset[str]
    order: tuple[bool, datetime, str]
    base: Any = None  # the day it began with, None where its device knew of no such day
    answers: Any = None
    is_acknowledged: bool = False


@dataclass
class Ledger:
    """`contents` tells of each name ever sent whose edits it carries."""

    now: Any
    edits: dict[str, Edit] = field(default_factory=dict)
    contents: dict[str, frozenset[str]] = field(default_factory=dict)

    def look(self, phone: Phone) -> None:
        """Note what is new in a device's outbox."""
        self._inherit(phone)
        for one in phone.client.kept.operations:
            if one.root not in self.edits:
                self._note(phone, one)
            if one.op_id not in self.contents:
                self.contents[one.op_id] = frozenset({one.root, *_seen(phone, one)})
            if one.stage == "acked" and not self.edits[one.root].is_acknowledged:
                self.edits[one.root].is_acknowledged = True
                phone.known.setdefault(one.date, set()).update(self.contents[one.op_id])

    def _inherit(self, phone: Phone) -> None:
        """A later edit that took the place of one that was not taken says all that it said."""
        there = {one.root: one for one in phone.client.kept.operations}
        for root in [root for root in phone.live if root not in there]:
            gone = self.edits[root]
            heirs = (self.edits.get(one.root) for one in there.values() if one.is_live)
            heir = next((one for one in heirs if one and root in one.seen), None)
            if heir is not None and heir.day == gone.day and heir.answers is not None:
                heir.claims |= _changed(gone.base, heir.answers)
                heir.base = gone.base
        phone.live = {one.root for one in there.values() if one.is_live}

    def _note(self, phone: Phone, one: Operation) -> None:
        instant = datetime.fromisoformat(one.recorded_at)
        order = (not clock_suspect(instant, self.now()), instant, one.root)
        said = (one.root, one.date, _claims(one), _seen(phone, one), order)
        self.edits[one.root] = Edit(*said, base=one.base_answers, answers=one.answers)

    def hear(self, phone: Phone, day: str, applied: Iterable[str]) -> None:
        """The server has told a device of a day as it is, which those names made it."""
        for name in applied:
            phone.known.setdefault(day, set()).update(self.contents.get(name, ()))

    def call(self, day: str) -> None:
        """A clinician has noted a day, which was not there: whatever was said of it is past."""
        before = frozenset(edit.root for edit in self.edits.values() if edit.day == day)
        root = f"call-{len(self.edits)}"
        claims, order = dict.fromkeys(BY_STAFF, 4), (False, self.now(), root)
        self.edits[root] = Edit(root, day, claims, before, order, is_acknowledged=True)

    def answered(self, phone: Phone, one: Operation, reason: str | None, *, yes: bool) -> None:
        """The patient has answered a question, having seen both sides."""
        edit = self.edits[one.root]
        if reason == "lowering" and not yes:
            edit.claims.pop("suicidal_thoughts", None)
        if reason in ("edit_of_deleted", "log_again") and yes and one.answers is not None:
            edit.claims = _changed(None, one.answers)
        if one.answers is None and yes:
            edit.claims = {DELETED: True}
        if yes:
            edit.seen |= frozenset(phone.known.get(one.date, set()))
        if yes and reason == "log_again":  # that it was deleted is what they were told
            edit.seen |= frozenset(self.edits) - {one.root}

    def unexplained(self, stored: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
        """Acknowledged answers that are not in the stored days and gave way to no other."""
        return [
            (edit.root, key, said)
            for edit in self.edits.values()
            if edit.is_acknowledged
            for key, said in edit.claims.items()
            if key not in BY_STAFF
            and not _stands(key, said, stored.get(edit.day))
            and not any(self._gave_way(edit, other, key) for other in self.edits.values())
        ]

    def _gave_way(self, edit: Edit, other: Edit, key: str) -> bool:
        """Whether the other's answer may stand in place of the edit's: it had seen it, or says as
        much and more, or, where two answers are not put together, is the later."""
        if other is edit or not other.is_acknowledged or other.day != edit.day:
            return False
        has_seen = any(self._tells(one, edit, key) for one in other.seen)
        # An answer taken back is no news to who began where it was not yet given.
        has_seen = has_seen or (key != DELETED and _before(other, key) == edit.claims[key])
        if key == DELETED and other.base is None and other.root not in edit.seen:
            return True  # logged apart from what was deleted, and sent when nobody knew any more
        if DELETED in other.claims or key == DELETED or key not in other.claims:
            return has_seen and (DELETED in other.claims or key == DELETED)
        says_more = _says(key, other.claims[key], edit.claims[key])
        is_later = other.order > edit.order
        if is_later and (says_more or key not in PUT_TOGETHER):
            return True
        return has_seen or (says_more and not _says(key, edit.claims[key], other.claims[key]))

    def _tells(self, root: str, edit: Edit, key: str) -> bool:
        """Whether to have seen that edit is to have seen this answer."""
        if root == edit.root:
            return True
        claims = self.edits[root].claims if root in self.edits else {}
        return key in claims and _says(key, claims[key], edit.claims[key])

    def invented(self, stored: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
        """Stored answers that nobody gave."""
        said: dict[tuple[str, str], list[Any]] = {}
        for edit in self.edits.values():
            for key, value in edit.claims.items():
                said.setdefault((edit.day, key), [None]).append(value)
        return [
            (day, key, getattr(row, key))
            for day, row in stored.items()
            for key in ANSWER_KEYS
            if key not in ("side_effects", "custom", *BY_STAFF)
            and getattr(row, key) not in said.get((day, key), [None])
        ]


def _before(edit: Edit, key: str) -> Any:
    """The answer an edit began with."""
    return None if edit.base is None else edit.base[key]


def _seen(phone: Phone, one: Operation) -> frozenset[str]:
    """What a device has seen of a day: what it was told, and what it said itself before."""
    told = phone.known.get(one.date, set())
    before = phone.client.kept.operations
    own = [each.root for each in before if each.date == one.date and each.sequence < one.sequence]
    return frozenset({*told, *own})


def _claims(one: Operation) -> dict[str, Any]:
    """What an edit changes; to delete what was not there changes nothing."""
    if one.answers is None:
        return {} if one.base_answers is None else {DELETED: True}
    return _changed(one.base_answers, one.answers)


def _changed(base: Any, answers: Mapping[str, Any]) -> dict[str, Any]:
    before = normalized(NO_ANSWERS if base is None else base)
    return {key: answers[key] for key in ANSWER_KEYS if answers[key] != before[key]}


def _stands(key: str, said: Any, row: Any) -> bool:
    """Whether a stored day says what was said."""
    is_there = row is not None and not row.deleted
    if key == DELETED or not is_there:
        return (key == DELETED) is not is_there
    return _says(key, getattr(row, key), said)


def _says(key: str, one: Any, other: Any) -> bool:
    """Whether one answer says what the other says, or, where answers are put together, no less."""
    if key == "suicidal_thoughts":
        return THOUGHTS.index(one) >= THOUGHTS.index(other)
    if key == "side_effects":
        worst = {each["code"]: each["severity"] for each in one or ()}
        return all(worst.get(each["code"], 0) >= each["severity"] for each in other or ())
    return bool(one == other)

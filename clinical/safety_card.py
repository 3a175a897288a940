"""The calm card: what a patient is shown after a safety answer, and the help always there."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from clinical.crisis_lines import CrisisLine
from clinical.days import zone
from clinical.review_times import Look, ReviewTimes

DEFAULT_LANGUAGE = "en"
_A_WEEKDAY_IS_CLEAR = timedelta(days=6)

Texts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SafetyCard:
    """Texts in the order they are shown, whom to call, when the clinic looks next, small notes."""

    language: str
    title: str
    texts: tuple[str, ...]
    lines: tuple[CrisisLine, ...]
    lines_text: str
    review: str
    notes: tuple[str, ...]
    next_look: Look | None
    offer: str | None
    has_safety_plan: bool

    def as_dict(self) -> dict[str, Any]:
        """As it is sent; `offer` is the key of a scale that can be answered now."""
        look = self.next_look
        return {
            "language": self.language,
            "title": self.title,
            "texts": list(self.texts),
            "lines": [{**line.as_dict(), "note": self._note(line)} for line in self.lines],
            "lines_text": self.lines_text,
            "review": self.review,
            "notes": list(self.notes),
            "next_look": None if look is None else {"opens": look.opens, "closes": look.closes},
            "offer": self.offer,
            "has_safety_plan": self.has_safety_plan,
        }

    def _note(self, line: CrisisLine) -> str | None:
        """What stands beside a number the clinic has not confirmed; it is shown all the same."""
        if not _is_unconfirmed(line):
            return None
        return str(texts_in(self.language)[1]["not_confirmed"])


@dataclass(frozen=True, slots=True)
class Setting:
    """Whom the card is for: their language, their lines, their clinic's times, what they have."""

    language: str
    lines: tuple[CrisisLine, ...]
    times: ReviewTimes
    is_asked: bool
    has_safety_plan: bool


@lru_cache(maxsize=1)
def texts() -> Mapping[str, Texts]:
    """The texts of clinical/safety_texts.toml by language."""
    text = (Path(__file__).parent / "safety_texts.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def texts_in(language: str) -> tuple[str, Texts]:
    """The language that is spoken for a wish like "de-AT", and its texts."""
    wished = language.replace("_", "-").split("-")[0].lower()
    spoken = wished if wished in texts() else DEFAULT_LANGUAGE
    return spoken, texts()[spoken]


def after_an_answer(setting: Setting, offer: str | None, now: datetime) -> SafetyCard:
    """The card of an answer that fired a rule."""
    _, say = texts_in(setting.language)
    shown = [say["thanks"], say["not_live"], say["act"]]
    shown += [say["screener"]] if offer else []
    return _card(setting, (say["title"], shown, offer), now)


def always_there(setting: Setting, now: datetime) -> SafetyCard:
    """The card that needs no answer."""
    _, say = texts_in(setting.language)
    shown = [say["always"], say["act_always"], say["not_live_always"]]
    shown += [] if setting.is_asked else [say["off"]]
    return _card(setting, (say["always_title"], shown, None), now)


def _card(
    setting: Setting, body: tuple[str, Sequence[str], str | None], now: datetime
) -> SafetyCard:
    language, say = texts_in(setting.language)
    title, shown, offer = body
    look = setting.times.next_look(now) if setting.is_asked else None
    has_emergency = any(line.kind == "emergency" for line in setting.lines)
    has_unconfirmed = any(map(_is_unconfirmed, setting.lines))
    more = [] if has_emergency else [say["no_emergency"]]
    notes = [
        *([say["unconfirmed"]] if has_unconfirmed else []),
        say["plan"] if setting.has_safety_plan else say["write_plan"],
    ]
    named = any(line.kind in ("call", "text") for line in setting.lines)
    return SafetyCard(
        language,
        title,
        (*shown, *more),
        tuple(_named(line, say) for line in setting.lines),
        say["talk"] if named else say["search"],
        _review(setting, look, say, now),
        tuple(notes),
        look,
        offer,
        setting.has_safety_plan,
    )


def _is_unconfirmed(line: CrisisLine) -> bool:
    return line.last_verified is None and line.kind != "web"


def _named(line: CrisisLine, say: Texts) -> CrisisLine:
    words = {"emergency": say["emergency"], "web": say["search"]}
    name = line.name or words.get(line.kind, "")
    return CrisisLine(line.country, line.kind, name, line.number, line.last_verified)


def _review(setting: Setting, look: Look | None, say: Texts, now: datetime) -> str:
    """When the clinic looks: what it has named, and never that anybody watches."""
    if look is None:
        return str(say["no_hours"])
    told = {
        name: _moment(at, setting.times.timezone, say["weekdays"], now)
        for name, at in (("opens", look.opens), ("closes", look.closes))
    }
    sentence = say["looks_now"] if look.opens <= now else say["looks_next"]
    return str(sentence.format(**told))


def _moment(at: datetime, timezone: str, weekdays: Sequence[str], now: datetime) -> str:
    """By the clinic's clock, whose zone is named; the date, where the weekday could mistake it."""
    local = at.astimezone(zone(timezone))
    date = f" {local.isoformat()[:10]}" if at - now > _A_WEEKDAY_IS_CLEAR else ""
    return f"{weekdays[local.weekday()]}{date} {local:%H:%M} ({timezone})"

"""Answers of the API about response curves, made up, and how a page is told all of a story."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
from playwright.sync_api import Page, Route

from formats import curve_picture, curves
from tests.browser.answers import MEASURE, OFFSET, Story, stated, windows


def response_curve(story: Story) -> dict[str, Any]:
    """The response-curve document."""
    shown = [
        {"session_id": f"s{at}", "date": story.day_of(at), "is_current": at == 0,
         "points": _points(story, at)}
        for at in range(len(story.windows))
    ]  # fmt: skip
    current = {"session_id": "s0", "date": story.day_of(0), "ribbon": _ribbon(story)}
    return {
        **stated(story),
        "current": current if story.windows else None,
        "windows": shown,
        "band": [_usual(day, shown[1:]) for day in range(1, 35)] if len(shown) > 1 else [],
    }


def _points(story: Story, at: int) -> list[dict[str, Any]]:
    if not story.is_logged:
        return []
    length = OFFSET if at == 0 else story.interval_days - 1
    return [
        {"day_offset": day, "value": _value(story, at, day), "pre_dose": day == 0}
        for day in range(length + 1)
        if (day * 7 + at * 3) % 5  # a day in five was missed
    ]


def _value(story: Story, at: int, day: int) -> float:
    gain = story.windows[at].gain or 0
    noise = ((day * 5 + at * 11) % 7 - 3) / 4
    return min(max(round(2.6 + (0 if day == 0 else gain * 2 ** (-day / 14)) + noise, 2), 0), 10)


def _ribbon(story: Story) -> list[dict[str, Any]]:
    gain = story.windows[0].gain if story.windows else None
    if gain is None or not story.is_logged:
        return []
    levels = [(day, 2.6 + gain * 2 ** (-day / 14)) for day in range(1, OFFSET + 1)]
    return [
        {"day_offset": day, "level": level, "low": level - 0.6, "high": level + 0.6}
        for day, level in levels
    ]


def _usual(day: int, shown: Sequence[Any]) -> dict[str, Any]:
    found = sorted(
        point["value"] for one in shown for point in one["points"] if point["day_offset"] == day
    )
    told = (found[len(found) // 2], found[0], found[-1]) if len(found) >= 3 else (None, None, None)
    return {
        "day_offset": day, "n": len(found),
        "median": told[0], "lower_quartile": told[1], "upper_quartile": told[2],
    }  # fmt: skip


def answer(page: Page, story: Story) -> None:
    """From now on the page is told this story when it asks about windows, by any measure."""

    def send(route: Route) -> None:
        asked = urlsplit(route.request.url)
        measure = parse_qs(asked.query).get("measure", ["composite"])[0]
        name = asked.path.rpartition("/")[2]
        if name.endswith(".svg"):
            wear_off = windows(story)["windows"][0]["wear_off"] if story.windows else None
            drawn = curve_picture.draw(curves.of(response_curve(story), wear_off))
            route.fulfill(body=drawn, content_type="image/svg+xml")
            return
        told = windows(story) if name == "windows" else response_curve(story)
        told |= {"measure": MEASURE | {"key": measure}}
        route.fulfill(body=orjson.dumps(told), content_type="application/json")

    for name in ("windows", "response-curve", "response-curve.svg"):
        page.route(re.compile(rf"/v1/.*/{re.escape(name)}(\?|$)"), send)

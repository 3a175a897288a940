"""No letter, text or calendar tells that somebody is treated, or of what."""

import re
from collections import defaultdict
from datetime import UTC, datetime, time, timedelta
from string import Formatter
from typing import Any

import pytest

from clinical import side_effects
from clinical.measures import MEASURES
from clinical.treatments import DRUGS, FORMULATIONS, INDICATIONS, ROUTES
from formats import letters
from formats.calendar import Appointment, feed
from formats.letters import compose, kinds

LANGUAGES = ("en", "de")
NOW = datetime(2026, 11, 25, tzinfo=UTC)

# Stems, in both languages: of health, of treatment, of who treats, of what is felt.
STEMS = """
ketamin esketamin arketamin spravato drug dose dosis dosier medic medik pill tablet nasal nose
infus injection injekt intraven sublingual lozenge treat behandl therap clinic klinik praxis
patient hospital krankenhaus doctor doktor arzt ärzt physician nurse psych depress angst anxi
panic panik bipolar trauma ptsd mood stimmung suicid suizid selbst self-harm harm death sterben
thought gedanken crisis krise safety sicherheit risk risiko urgent dringend alert alarm warn
emergency notfall health gesund krank sick ill symptom nebenwirk pain schmerz sleep schlaf
energy energie interest craving bladder blase urin blood blut pressure vital scale skala score
phq gad questionnaire fragebogen screen check-in session sitzung fasting nüchtern food essen
drink trinken driver fahr care team diagnos relapse rückfall remission wear-off todes dying
""".split()  # noqa: SIM905 (forty stems are read best as words)
STEMS += ["side effect"]


def facts() -> dict[str, Any]:
    return defaultdict(lambda: "X", link="https://app.example.org/")


def every_word() -> list[tuple[str, str]]:
    """(kind and language, text) of everything that is ever sent."""
    told = []
    for kind in sorted(kinds()):
        for language in LANGUAGES:
            words = compose(kind, language, facts())
            told.append((f"{kind}.{language}", f"{words.subject}\n{words.text}"))
    for language in LANGUAGES:
        appointment = Appointment("uid", NOW, NOW + timedelta(hours=1), 1, NOW, False)
        told.append((f"feed.{language}", feed([appointment], time(20), language).decode()))
    return told


def stems() -> set[str]:
    """The list above, with every word of ours that names a measure, an effect or a treatment."""
    own = {*DRUGS, *ROUTES, *FORMULATIONS, *INDICATIONS, *MEASURES, *side_effects.SIDE_EFFECTS}
    parts = {part for name in own for part in name.split("_") if len(part) > 3}
    return {*STEMS, *own, *parts} - {"other"}


@pytest.mark.parametrize(("where", "text"), every_word(), ids=lambda told: told[:30])
def test_no_word_of_health_stands_in_any_letter(where: str, text: str) -> None:
    found = {stem for stem in stems() if re.search(rf"\b{re.escape(stem)}", text, re.IGNORECASE)}
    assert found == set(), where


def test_the_list_would_find_what_it_is_for() -> None:
    bad = "Your ketamine session at the clinic: how is your mood? Ihre Behandlung, Nebenwirkungen"
    found = {stem for stem in stems() if re.search(rf"\b{re.escape(stem)}", bad, re.IGNORECASE)}
    assert {"ketamin", "session", "clinic", "mood", "behandl", "nebenwirk"} <= found


def test_a_task_says_that_there_is_one_and_nothing_else() -> None:
    words = compose("task", "en", {})
    assert (words.subject, words.text) == ("Interlude", "There is a new task in Interlude.")


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_a_letter_tells_the_same_in_each_language(kind: str) -> None:
    """The same facts, none left over; German is not English."""
    wanted = []
    for language in LANGUAGES:
        written = letters._written()[kind][language]
        text = written["subject"] + written["text"]
        wanted.append({name for _, name, _, _ in Formatter().parse(text) if name})
    assert wanted[0] == wanted[1]
    assert compose(kind, "en-GB", facts()) == compose(kind, "fr", facts())
    assert compose(kind, "de-AT", facts()) != compose(kind, "en", facts())
    assert compose(kind, "EN", facts()) == compose(kind, "en", facts())

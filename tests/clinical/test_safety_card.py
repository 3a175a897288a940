"""The card's words are one file: the same in each language, and never a promise nobody keeps."""

from datetime import UTC, datetime

import pytest

from clinical.crisis_lines import KINDS, lines_of, read_lines, shipped
from clinical.review_times import review_times
from clinical.safety_card import Setting, after_an_answer, always_there, texts, texts_in

NOW = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)  # a Wednesday, 21:00 in Berlin
HOURS = [{"weekdays": [1, 2, 3, 4, 5], "opens": "09:00", "closes": "17:00"}]


def setting(language: str = "en", country: str = "DE", *, is_asked: bool = True) -> Setting:
    times = review_times("Europe/Berlin", HOURS, [])
    return Setting(language, lines_of(country), times, is_asked, has_safety_plan=False)


def test_each_language_says_the_same_things() -> None:
    spoken = texts()
    assert set(spoken) == {"en", "de"}
    assert [set(said) for said in spoken.values()] == [set(spoken["en"])] * len(spoken)
    assert {len(said["weekdays"]) for said in spoken.values()} == {7}


@pytest.mark.parametrize("language", ["en", "de"])
def test_nothing_says_that_somebody_watches_or_that_all_is_safe(language: str) -> None:
    said = " ".join(str(text) for text in texts()[language].values()).casefold()
    forbidden = ("no risk", "you are safe", "commit", "we are watching", "kein risiko",
                 "sie sind sicher", "selbstmord")  # fmt: skip
    assert not [words for words in forbidden if words in said]


def test_a_language_nobody_wrote_is_english() -> None:
    assert texts_in("fr")[0] == texts_in("en-GB")[0] == "en"
    assert texts_in("de-AT")[0] == "de"


def test_the_card_tells_when_the_clinic_looks_next_and_by_its_clock() -> None:
    card = after_an_answer(setting(), None, NOW)
    assert "closed now and looks next from Thursday 09:00 (Europe/Berlin)" in card.review
    assert card.next_look is not None
    german = after_an_answer(setting("de"), None, NOW)
    assert "Donnerstag 09:00 (Europe/Berlin)" in german.review
    assert "has not told us" in always_there(setting(is_asked=False), NOW).review


def test_a_country_without_a_line_gets_the_place_to_search_and_is_told_what_to_dial() -> None:
    card = after_an_answer(setting(country="AQ"), None, NOW)
    assert [line.kind for line in card.lines] == ["web"]
    assert "Call the emergency number of the country you are in." in card.texts


def test_each_shipped_number_is_marked_as_confirmed_by_nobody() -> None:
    assert {line.last_verified for line in shipped()} == {None}
    assert {line.kind for line in shipped()} <= set(KINDS)
    countries = {line.country for line in shipped() if line.kind != "emergency"}
    with_emergency = {line.country for line in shipped() if line.kind == "emergency"}
    assert countries <= with_emergency
    assert lines_of("US")[0].number == "911"


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "not confirmed by your clinic yet"), ("de", "von Ihrer Praxis noch nicht bestätigt")],
)
def test_each_number_nobody_has_confirmed_says_so_beside_it(language: str, words: str) -> None:
    confirmed = {"country": "DE", "kind": "call", "name": "Our line", "number": "030 1",
                 "last_verified": "2026-11-01"}  # fmt: skip
    times = review_times("Europe/Berlin", HOURS, [])
    lines = lines_of("DE", [confirmed])
    card = always_there(Setting(language, lines, times, True, False), NOW).as_dict()
    # The emergency number is ours and unconfirmed; the place to search is no number.
    assert [(line["kind"], line["note"]) for line in card["lines"]] == [
        ("emergency", words),
        ("call", None),
        ("web", None),
    ]


def test_a_file_of_lines_is_told_every_number_nobody_could_dial() -> None:
    line = '[[line]]\ncountry = "%s"\nkind = "call"\nname = "%s"\nnumber = "%s"\n'
    text = line % ("DE", "One", "1x") + line % ("FR", "Two", "3114") + line % ("ES", "", "24")
    with pytest.raises(ValueError, match="DE One") as refused:
        read_lines(text)
    assert str(refused.value).splitlines() == [
        "DE One: Takes digits, spaces, +, -, ( and ) alone.",
        "DE One: Must have from 3 to 15 digits.",
        "ES call: Must have from 3 to 15 digits.",
    ]

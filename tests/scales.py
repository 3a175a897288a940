"""A rating scale of a clinic's own, as a file, and putting it there."""

from typing import Any

from tests.people import Person

KEY = "sleepiness"
SCALE = """
key = "sleepiness"
name = "Sleepiness"
rater = "self"
recall_days = 7
items = 3
item_minimum = 0
item_maximum = 3
total_minimum = 0
total_maximum = 9
scoring = "sum"
direction = "higher_is_worse"
licence = "the clinic's own"
source = "the clinic"
bands = [
  { minimum = 0, maximum = 3, label = "awake" },
  { minimum = 4, maximum = 9, label = "sleepy" },
]

[change]
remission_at_most = 2
response_share = 0.5

[wording]
language = "en"
stem = "In the last week, how likely were you to doze off"
items = ["reading", "at a table", "in a car"]
answers = ["never", "seldom", "sometimes", "often"]
"""
OTHER_WORDS = SCALE.replace("reading", "with a book")


def put(person: Person, text: str = SCALE, key: str = KEY, **options: Any) -> Any:
    return person.put(f"/v1/clinic/instruments/{key}", {"toml": text}, **options)

"""What is not a check-in, or no JSON at all: each gets a problem that names it, and no row."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jsonschema import Draft202012Validator

from models.checkin import RATINGS
from tests import contract
from tests.entries import ITCH, PAIN, PROBLEM, entry, of_patient, own, pointers, written
from tests.operations import Sending, properties, sendings, snapshot
from tests.people import Household, World, household

DAY = "2024-05-10"
MEBIBYTE = 1024 * 1024
NOT_WHOLE: list[Any] = [5.5, "6", True, 5.0, [], {}, 10**15, -1]
NO_ZONE: list[Any] = [
    None, "Mars/Olympus", "localtime", "europe/berlin", "", 60, "../UTC", "Europe/Berlin ",
]  # fmt: skip
NO_HOURS: list[Any] = [24.25, -0.25, 7.1, "7", True, 1e308, [], {}, -1e308]
ONE_EFFECT: dict[str, Any] = {"code": "nausea", "severity": 1}
# What is wrong with each field, and where below it the fault is; one of each is sent at a time.
WRONG: dict[str, list[tuple[Any, str]]] = {
    **{key: [(value, "") for value in [*NOT_WHOLE, 11]] for key in RATINGS},
    "sleep_quality": [(value, "") for value in [*NOT_WHOLE, 0, 6]],
    "sleep_hours": [(value, "") for value in NO_HOURS],
    "suicidal_thoughts": [("None", ""), (3, ""), ([], ""), ("none", "")],
    "side_effects": [
        ("nausea", ""),
        ({}, ""),
        ([None], "/0"),
        (["nausea"], "/0"),
        ([{"code": "nausea"}], "/0/severity"),
        ([ONE_EFFECT, {"code": "x", "severity": 1}], "/1/code"),
        ([ONE_EFFECT | {"severity": 0}], "/0/severity"),
        ([ONE_EFFECT | {"severity": 5}], "/0/severity"),
        ([ONE_EFFECT | {"severity": True}], "/0/severity"),
        ([ONE_EFFECT | {"clinic_id": None}], "/0/clinic_id"),
        ([ONE_EFFECT, ONE_EFFECT | {"severity": 2}], ""),
    ],
    "custom": [
        ([], ""),
        ("pain", ""),
        ({"pain": 5.5}, "/pain"),
        ({"pain": True}, "/pain"),
        ({"pain": "6"}, "/pain"),
        ({"itch": 11}, "/itch"),
        ({"": 1}, "/"),
        ({"PAIN": 1}, "/PAIN"),
    ],
    "note": [(5, ""), ([], ""), ("x" * 4001, ""), (True, "")],
    "recorded_at": [
        (None, ""),
        ("2024-05-10", ""),
        ("2024-05-10T18:00:00", ""),
        ("2024-02-31T18:00:00Z", ""),
        ("2024-05-10T24:00:00Z", ""),
        ("1899-12-31T23:00:00Z", ""),
        ("2024-05-1٠T18:00:00Z", ""),
        (1715364000, ""),
    ],
    "timezone": [(value, "") for value in NO_ZONE],
    "revision": [(1, ""), (None, "")],
    "a/b~c": [(1, "")],
}
UNREADABLE: dict[str, bytes] = {
    "empty": b"",
    "not JSON": b"{mood: 6}",
    "cut off": b'{"mood": 6',
    "5,000 lists deep": b"[" * 5000 + b"]" * 5000,
    "5,000 objects deep": b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "a text without an end": b'"' + b'\\"' * (MEBIBYTE // 2 - 1),
    "NaN": b'{"mood": NaN}',
    "Infinity": b'{"mood": -Infinity}',
    "1e400": b'{"sleep_hours": 1e400}',
    "a huge number": b'{"mood": ' + b"9" * 5000 + b"}",
    "NUL": b'{"note": "a\\u0000b"}',
    "a raw NUL": b'{"note": "a\x00b"}',
    "half a character": b'{"note": "\\ud83d"}',
    "half a character as key": b'{"\\udc00": 1}',
    "half a character in UTF-8": b'{"note": "\xed\xa0\x80"}',
    "Latin-1": b'{"note": "caf\xe9"}',
    "UTF-16": '{"mood": 6}'.encode("utf-16"),
    "a key twice": b'{"mood": 6, "mood": 6}',
    "a key twice, deeper": b'{"custom": {"pain": 1, "pain": 2}}',
}
NO_OBJECT = (b"[]", b'"mood"', b"null", b"6", b"true", b'[{"mood": 6}]')
OTHER_TYPES = (
    None,
    "",
    "text/plain",
    "text/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json; charset=latin-1",
)
# Sent for every field of every other body; where the contract takes one it is left out.
GARBAGE: tuple[Any, ...] = (
    True, 1, 5.5, "6", "x" * 5000, [], {}, None, [None], {"x": 1}, -1, 10**15, "", " ",
    "2024-02-31", "0٤:00",
)  # fmt: skip


@contextmanager
def nothing_written(world: World) -> Iterator[None]:
    before = written(world)
    yield
    assert written(world) == before


def raw(sending: Sending, data: bytes, content_type: str | None = "application/json") -> Any:
    headers = {} if content_type is None else {"Content-Type": content_type}
    return sending.send(data=data, headers=headers)


def assert_problem(response: Any, status: int, where: object = "") -> None:
    assert (response.status_code, response.content_type) == (status, PROBLEM), where
    assert response.json["status"] == status


def test_every_wrong_value_of_every_field_is_named_at_once(world: World) -> None:
    home = household(world, custom_measures=[PAIN, ITCH])
    with nothing_written(world):
        for turn in range(max(len(wrong) for wrong in WRONG.values())):
            chosen = {key: wrong[turn % len(wrong)] for key, wrong in WRONG.items()}
            body = {key: value for key, (value, _) in chosen.items()}
            told = {
                f"/{key.replace('~', '~0').replace('/', '~1')}{below}"
                for key, (_, below) in chosen.items()
            }
            refused = home.patient.put(own(DAY), body)
            assert refused.status_code == 422
            assert set(pointers(refused)) == told, turn


def test_a_wrong_date_is_named_with_the_faults_of_the_body(home: Household) -> None:
    body = entry(DAY, mood=11, custom={"x": 1}) | {"recorded_at": "2024-06-10T18:00:00Z"}
    with nothing_written(home.world):
        assert pointers(home.patient.put(own(DAY), body)) == ["/custom/x", "/date", "/mood"]
        assert pointers(home.patient.put(own(DAY), {})) == ["", "/recorded_at", "/timezone"]


def test_a_day_without_any_answer_is_refused(world: World) -> None:
    home = household(world, custom_measures=[PAIN])
    when = {"recorded_at": f"{DAY}T18:00:00Z", "timezone": "Europe/Berlin"}
    silent: tuple[dict[str, Any], ...] = (
        {"mood": None, "note": None},
        {"note": ""},
        {"note": " \n"},
        {"custom": {}},
        {"custom": {"pain": None}},
    )
    with nothing_written(world):
        for answers in silent:
            assert pointers(home.patient.put(own(DAY), when | answers)) == [""]


def test_what_is_not_strict_json_is_unreadable_wherever_it_is_sent(home: Household) -> None:
    operations = sendings(home)
    before = snapshot(home.world, home)
    for name, operation in operations.items():
        for what, data in UNREADABLE.items():
            if data or name != "refresh":  # a refresh token may come without a body
                assert_problem(raw(operation, data), 400, (name, what))
    assert snapshot(home.world, home) == before


def test_a_body_that_is_no_object_is_invalid_wherever_it_is_sent(home: Household) -> None:
    operations = sendings(home)
    before = snapshot(home.world, home)
    for operation in operations.values():
        for data in NO_OBJECT:
            assert pointers(raw(operation, data)) == [""]
    assert snapshot(home.world, home) == before


def test_only_json_is_taken_wherever_it_is_sent(home: Household) -> None:
    operations = sendings(home)
    before = snapshot(home.world, home)
    for operation in operations.values():
        data = json.dumps(operation.body).encode()
        for content_type in OTHER_TYPES:
            assert_problem(raw(operation, data, content_type), 415, content_type)
    assert snapshot(home.world, home) == before


def test_every_wrong_value_of_every_other_body_is_named_at_once(home: Household) -> None:
    operations = sendings(home)
    before = snapshot(home.world, home)
    for name, operation in operations.items():
        for value in GARBAGE:
            wrong = [key for key in properties(operation.schema) if is_wrong(operation, key, value)]
            if wrong:
                refused = operation.send(dict(operation.body) | dict.fromkeys(wrong, value))
                assert refused.status_code == 422, (name, wrong, value)
                told = {pointer.split("/")[1] for pointer in pointers(refused) if pointer}
                assert told == set(wrong), (name, value)
    assert snapshot(home.world, home) == before


def is_wrong(operation: Sending, key: str, value: Any) -> bool:
    """Whether the contract refuses the value there; no text here has any of its formats.

    The items of a batch are answered one by one, whatever they are (tests/test_batch.py).
    """
    if (operation.schema, key) == ("BatchIn", "items") and isinstance(value, list):
        return False
    described = properties(operation.schema)[key]
    if isinstance(value, str) and "format" in described:
        return True
    steps = f"components/schemas/{operation.schema}/properties/{key}"
    reference = {"$ref": f"{contract.CONTRACT}#/{steps}"}
    return not Draft202012Validator(reference, registry=contract._registry()).is_valid(value)


def test_a_body_of_one_mebibyte_is_taken_and_one_byte_more_is_not(home: Household) -> None:
    operation = sendings(home)["put_checkin"]
    data = json.dumps(operation.body).encode().ljust(MEBIBYTE)
    with nothing_written(home.world):
        assert_problem(raw(operation, data + b" "), 413)
    assert raw(operation, data).status_code == 201


def test_a_body_of_unknown_length_is_held_to_the_same_limit(home: Household) -> None:
    def sent(data: bytes) -> Any:
        return home.patient.client.put(
            own(DAY),
            input_stream=io.BytesIO(data),
            headers={
                "Authorization": f"Bearer {home.patient.token}",
                "Content-Type": "application/json",
                "Transfer-Encoding": "chunked",
            },
            environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
        )

    data = json.dumps(entry(DAY)).encode()
    with nothing_written(home.world):
        assert_problem(sent(data.ljust(MEBIBYTE + 1)), 413)
        assert_problem(sent(b'{"mood": '), 400)
    assert sent(data.ljust(MEBIBYTE)).status_code == 201


def test_a_day_that_does_not_exist_is_no_page(home: Household) -> None:
    days = ["2024-02-31", "2023-02-29", "0000-01-01", "2024-13-01", "20240510", "2024-5-10"]
    days += ["2024-W19-5", "٢٠٢٤-٠٥-١٠", "2024-05-10%00", "2024-05-10T00:00", "%ED%A0%80", "..%2f"]
    with nothing_written(home.world):
        for day in days:
            for path in (own(day), of_patient(home.patient_id, day)):
                assert_problem(home.patient.put(path, entry(DAY)), 404, day)
                assert_problem(home.patient.get(path), 404, day)
        for patient in ("x", "1", "0" * 31, "%00"):
            path = f"/v1/patients/{patient}/checkins/{DAY}"
            assert_problem(home.clinician.put(path, entry(DAY)), 404, patient)


def test_a_key_is_1_to_128_visible_characters(home: Household) -> None:
    with nothing_written(home.world):
        for key in ("", " ", "a b", "x" * 129, "é", "\x7f", "a\tb"):
            headers = {"Idempotency-Key": key, "If-Match": '"r1"'}
            refused = home.patient.put(own(DAY), entry(DAY), headers=headers)
            assert pointers(refused) == ["/Idempotency-Key"], key
            assert pointers(home.patient.delete(own(DAY), headers=headers)) == ["/Idempotency-Key"]
    taken = home.patient.put(own(DAY), entry(DAY), headers={"Idempotency-Key": "~" * 128})
    assert taken.status_code == 201


def test_a_wrong_query_is_named(home: Household) -> None:
    wrong = {
        "limit": ("0", "201", "-1", "x", "", "1e2", "9" * 5000, "5.0", "1_0", "+5", "٣", " 5"),
        "cursor": ("!", "a", "bm90IGEgZGF5", "AAAA", "x" * 301, "é"),
        "from": ("2024-02-31", "20240510", "", "tomorrow", "٢٠٢٤-٠٥-١٠"),
        "to": ("2024-13-01", "0000-01-01", "2024-05-10T00:00:00Z"),
        "limits": ("1", "٣"),
    }
    for key, values in wrong.items():
        for value in values:
            refused = home.patient.get("/v1/me/checkins", query_string={key: value})
            assert pointers(refused) == [f"/{key}"], (key, value)


def test_a_parameter_given_twice_is_refused_whatever_it_says(home: Household) -> None:
    """Of two answers to one question, none is quietly taken."""
    for query in ("measure=mood&measure=energy", "measure=mood&measure=mood"):
        refused = home.patient.get(f"/v1/me/windows?{query}")
        assert (refused.status_code, pointers(refused)) == (422, ["/measure"])
    stranger = home.world.client().get("/v1/me/windows?measure=mood&measure=energy")
    assert stranger.status_code == 401

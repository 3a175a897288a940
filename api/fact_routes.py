"""The routes of a kind of fact: list, add, read, change and void, for staff and for the patient."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response

from api.facts import (
    CurrentQuery,
    FactQuery,
    Noun,
    VoidIn,
    add_fact,
    change_fact,
    get_fact,
    list_facts,
    void_fact,
)
from api.preconditions import IDEMPOTENCY_KEY, IF_MATCH, IF_NONE_MATCH
from api.replies import ETAG_HEADER
from api.routes import Routes

View = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be done to facts; `words` is told of it, with the noun put in."""

    method: str
    suffix: str  # after the noun's own path
    permission: str
    words: str
    problems: tuple[str, ...] = ()
    parameters: tuple[Mapping[str, Any], ...] = ()
    status: int = 200


_ONE = "/<uuid:{one}_id>"
_CHANGED = ("not-found", "precondition-failed")
ACTIONS: Mapping[str, Action] = {
    "list": Action("GET", "", "read", "{Many}, newest first."),
    "add": Action(
        "POST", "", "write", "A new {one}.", ("questions", "key-reused"), (IDEMPOTENCY_KEY,), 201
    ),
    "get": Action("GET", _ONE, "read", "One {one}, void or not.", ("not-found",), (IF_NONE_MATCH,)),
    "change": Action(
        "PATCH",
        _ONE,
        "write",
        "Change this {one}: only what is sent; to replace a value, send If-Match. "
        "What a patient entered, they alone change.",
        (*_CHANGED, "precondition-required", "questions"),
        (IF_MATCH,),
    ),
    "void": Action(
        "POST",
        f"{_ONE}/void",
        "write",
        "Mark this {one} as entered in error, for ever. Lists show it with `void=true`.",
        _CHANGED,
        (IF_MATCH,),
    ),
}


def serve(blp: Routes, noun: Noun) -> None:
    """Every action for staff, and for the patient those the noun names."""
    for name, action in ACTIONS.items():
        if name == "change" and noun.changed is None:
            continue
        view = _documented(blp, noun, name)
        path = f"/{noun.many}{action.suffix.format(one=noun.one)}"
        options: dict[str, Any] = (
            {"parameters": list(action.parameters)} if action.parameters else {}
        )
        if name in noun.own:
            permission = f"own_chart.{action.permission}"
            problems = action.problems
            blp.serve(action.method, f"/v1/me{path}", permission, problems=problems, **options)(
                view
            )
        problems = ("not-found", *action.problems)
        permission, path = f"chart.{action.permission}", f"/v1/patients/<uuid:patient_id>{path}"
        blp.serve(action.method, path, permission, problems=problems, **options)(view)


def _documented(blp: Routes, noun: Noun, name: str) -> View:
    """The view of an action, named and described, with what it takes and answers."""
    action = ACTIONS[name]
    view = _VIEWS[name](noun)
    view.__name__ = f"{name}_{noun.many if name == 'list' else noun.one}"
    view.__doc__ = action.words.format(one=noun.one, Many=noun.many.capitalize())
    if name == "list":
        view = blp.response(200, noun.page)(view)
        has_current = noun.kind.current is not None
        return blp.arguments(CurrentQuery if has_current else FactQuery, location="query")(view)
    view = blp.response(action.status, noun.shown, headers=ETAG_HEADER)(view)
    taken = {"add": noun.sent, "change": noun.changed, "void": VoidIn}.get(name)
    return view if taken is None else blp.arguments(taken)(view)


def _list(noun: Noun) -> View:
    def view(query: dict[str, Any], patient_id: UUID | None = None) -> Response:
        return list_facts(noun, query, patient_id)

    return view


def _add(noun: Noun) -> View:
    def view(body: dict[str, Any], patient_id: UUID | None = None) -> Response:
        return add_fact(noun, body, patient_id)

    return view


def _get(noun: Noun) -> View:
    def view(patient_id: UUID | None = None, **named: UUID) -> Response:
        return get_fact(noun, named[f"{noun.one}_id"], patient_id)

    return view


def _change(noun: Noun) -> View:
    def view(body: dict[str, Any], patient_id: UUID | None = None, **named: UUID) -> Response:
        return change_fact(noun, body, named[f"{noun.one}_id"], patient_id)

    return view


def _void(noun: Noun) -> View:
    def view(body: dict[str, Any], patient_id: UUID | None = None, **named: UUID) -> Response:
        return void_fact(noun, body, named[f"{noun.one}_id"], patient_id)

    return view


_VIEWS: Mapping[str, Callable[[Noun], View]] = {
    "list": _list,
    "add": _add,
    "get": _get,
    "change": _change,
    "void": _void,
}

"""The blueprint all nouns use: a route states its permission, or it cannot be written down."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from functools import wraps
from typing import Any, cast

from flask import g, request
from flask_smorest import Blueprint
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser
from webargs.multidictproxy import MultiDictProxy

from api.auth import attempts_at, let_in_again
from api.bodies import read_json
from api.preconditions import IDEMPOTENCY_KEY, IF_NONE_MATCH
from api.problems import TYPES
from care.access import PERMISSIONS, PUBLIC
from care.refusals import Fault, Invalid
from clinical.checkins import pointer_token

View = Callable[..., Any]

Decorator = Callable[[View], View]

# More would help nobody, and could be made a very long answer.
MOST_FAULTS = 100

# What any route may answer besides its own; documented with each.
_ALWAYS = ("server-error", "unavailable")
# Done twice, it is as if done once.
_REPEATABLE = ("GET", "PUT", "DELETE")
_SIGNED_IN = ("unauthenticated", "forbidden")


class Parser(FlaskParser):
    """Reads bodies strictly and names every fault of a request in one answer."""

    def __init__(self) -> None:
        super().__init__()
        self.DEFAULT_UNKNOWN_BY_LOCATION = {}  # unknown fields are refused, wherever they come

    def load_json(self, req: Any, schema: Any) -> Any:
        return read_json(req)

    def load_querystring(self, req: Any, schema: Any) -> Any:
        return MultiDictProxy(req.args, schema)

    def handle_error(self, error: Any, req: Any, schema: Any, **_: Any) -> Any:
        messages = next(iter(error.messages.values()))
        raise Invalid(faults_of(messages)[:MOST_FAULTS])


class Routes(Blueprint):  # type: ignore[misc]  # flask-smorest has no types
    """A noun's routes."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, name: str, description: str) -> None:
        super().__init__(name, __name__, description=description)
        self.permissions: dict[str, str] = {}

    def arguments(self, schema: type[Schema], *, location: str = "json") -> Decorator:
        """The body or query, loaded and validated."""
        return cast("Decorator", super().arguments(schema, location=location))

    def response(self, status: int, schema: Any = None, **doc: Any) -> Decorator:
        """The answer when all is well, for the contract."""
        return cast("Decorator", super().response(status, schema, **doc))

    def alt_response(self, status: int, **doc: Any) -> Decorator:
        """Another good answer, for the contract."""
        return cast("Decorator", super().alt_response(status, **doc))

    def serve(
        self,
        method: str,
        rule: str,
        permission: str,
        *,
        problems: tuple[str, ...] = (),
        is_repeatable: bool = False,
        **doc: Any,
    ) -> Decorator:
        """Route `method rule` to the view for whoever `permission` lets in.

        `problems` are the documented problem types it may answer besides the ones all share.
        `is_repeatable` says that running it twice is as running it once, where its method and its
        Idempotency-Key do not say so already.
        """
        if permission != PUBLIC and permission not in PERMISSIONS:
            raise ValueError(f"{rule}: no such permission: {permission}")
        if method != "GET" and permission.endswith(".read"):
            raise ValueError(f"{rule}: {method} changes something, {permission} only reads")

        def register(view: View) -> View:
            endpoint = f"{view.__name__}_for_staff" if "patient_id>" in rule else view.__name__
            shown = {"operationId": endpoint, "security": _security(permission), **doc}
            slugs = [*_ALWAYS, *problems, *_slugs_of(view, permission, method)]
            shown["responses"] = _problem_responses(slugs)
            if IF_NONE_MATCH in doc.get("parameters", ()) and method == "GET":
                shown["responses"]["304"] = {"description": "As the client has it."}

            takes_key = IDEMPOTENCY_KEY in doc.get("parameters", ())
            # Not Blueprint.doc: each of its decorators is one more call in every request.
            documented = _tried(view, is_repeatable or method in _REPEATABLE, takes_key)
            apidoc = deepcopy(getattr(view, "_apidoc", {}))
            documented._apidoc = apidoc | {"manual_doc": shown}  # type: ignore[attr-defined]
            self.add_url_rule(rule, endpoint, documented, methods=[method])
            self.permissions[f"{self.name}.{endpoint}"] = permission
            return view

        return register


def _tried(view: View, always: bool, takes_key: bool) -> View:
    """The view, run again where the database could not do it the first time."""

    @wraps(view)
    def tried(*args: Any, **kwargs: Any) -> Any:
        may_repeat = always or (takes_key and "Idempotency-Key" in request.headers)
        g.attempts = attempts_at(is_repeatable=may_repeat)
        return g.attempts.run(lambda: view(*args, **kwargs), renew=let_in_again)

    return tried


def _security(permission: str) -> list[dict[str, list[str]]]:
    return [] if permission == PUBLIC else [{"bearer": []}, {"cookie": [], "csrf": []}]


def _slugs_of(view: Any, permission: str, method: str) -> list[str]:
    slugs = list(_SIGNED_IN) if permission != PUBLIC else []
    # Two writes at the same moment may meet in a unique key: 409, whatever the route.
    slugs += ["too-large", "conflict"] if method != "GET" else []
    if "arguments" in getattr(view, "_apidoc", {}):
        slugs += ["invalid"]
        slugs += ["unreadable", "unsupported-media-type"] if method != "GET" else []
    return slugs


def _problem_responses(slugs: list[str]) -> dict[str, Any]:
    """The documented error answers, one per status."""
    statuses = sorted({TYPES[slug].status for slug in slugs})
    return {str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in statuses}


def load(schema: Schema, raw: Any, more: Sequence[Fault] = ()) -> dict[str, Any]:
    """A body through its schema; Invalid names its faults and `more` that were found elsewhere."""
    faults: list[Fault] = []
    body: Any = {}
    try:
        body = schema.load(raw)
    except ValidationError as error:
        faults = faults_of(error.messages)
    named = {fault.pointer for fault in faults}
    faults += [fault for fault in more if fault.pointer not in named]
    if faults:
        raise Invalid(faults[:MOST_FAULTS])
    loaded: dict[str, Any] = body
    return loaded


def faults_of(messages: Any, at: str = "") -> list[Fault]:
    """marshmallow's nested messages as (pointer, detail) pairs."""
    if isinstance(messages, dict):
        faults = []
        for key, inner in messages.items():
            below = at if key == "_schema" else f"{at}/{pointer_token(key)}"
            faults += faults_of(inner, below)
        return faults
    if isinstance(messages, list):
        return [fault for message in messages for fault in faults_of(message, at)]
    return [Fault(at, str(messages))]

"""Every error, from whatever layer, as one kind of document: application/problem+json."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from flask import Flask, Response, g, json, request
from werkzeug.exceptions import HTTPException

from care.refusals import (
    Denied,
    Fault,
    Invalid,
    Questions,
    Refusal,
    TooManyAttempts,
    Unauthenticated,
    Unavailable,
)
from models.faults import DATABASE_ERRORS, is_unavailable, is_unique_violation

CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One documented kind of problem; `meaning` is what /problems/<slug> tells."""

    status: int
    title: str
    meaning: str


TYPES: Mapping[str, ProblemType] = {
    "unreadable": ProblemType(400, "Unreadable request", "The request is not what HTTP or strict JSON allows: malformed, nested too deep, a duplicate key, NaN, a control character. Nothing was saved."),
    "unauthenticated": ProblemType(401, "Who are you?", "No token, or one that is malformed, expired, of the wrong kind, or of a login that has ended. Refresh, or log in again; keep what is unsent."),
    "wrong-credentials": ProblemType(401, "Wrong e-mail or password", "The same answer for an unknown e-mail and a wrong password."),
    "csrf": ProblemType(401, "Missing CSRF token", "A cookie login must repeat its CSRF cookie in the X-CSRF-TOKEN header when it changes something."),
    "forbidden": ProblemType(403, "Not for your role", "Your role may never do this."),
    "not-found": ProblemType(404, "Not found", "Absent, or not yours: the two are told apart by nobody outside."),
    "method-not-allowed": ProblemType(405, "Method not allowed", "The Allow header lists what can be done here."),
    "conflict": ProblemType(409, "Conflict", "The request is understood but does not fit the present state; the detail says why."),
    "choose-membership": ProblemType(409, "Choose where to log in", "The account belongs to several places: log in again with the membership_id of one of `memberships`."),
    "patient-logged": ProblemType(409, "The patient has logged this day", "Staff may note a day only while the patient has not; the patient's entry is never changed by others."),
    "bad-cursor": ProblemType(400, "Not your cursor", "Forged, cut short, or somebody else's: send the `next` of your own last answer, or none to read from the start."),
    "must-refetch": ProblemType(410, "Read from the start", "Changes since your cursor cannot be told: the server was restored, or deletions you have not seen are forgotten. Read again without a cursor; a day the server does not tell then is not there. Offer your kept operations again if the Epoch differs."),
    "gone": ProblemType(410, "No longer usable", "It existed and can be used no more."),
    "precondition-failed": ProblemType(412, "Changed meanwhile", "What is stored is not what If-Match names. For a check-in, `current` is the stored day (null when absent): merge, then send with its ETag; the losing edit is kept in the history. For anything else, read it again."),
    "too-large": ProblemType(413, "Body too large", "A body may have at most 1 MiB, and a batch at most 400 items."),
    "unsupported-media-type": ProblemType(415, "Not JSON", "Bodies are sent as application/json in UTF-8."),
    "invalid": ProblemType(422, "Invalid request", "Readable, but wrong. `errors` names every fault with a JSON pointer. Nothing was saved."),
    "questions": ProblemType(422, "Is that so?", "Possible, but unlikely enough to ask: `errors` names each value with a JSON pointer. Nothing was saved. Correct it, or send the same again with these pointers in `confirmed`."),
    "signed": ProblemType(409, "Signed", "A signed session is never changed: write an addendum, or void it and record it anew."),
    "key-reused": ProblemType(422, "Key reused", "This Idempotency-Key was used before with another request. Nothing was saved."),
    "precondition-required": ProblemType(428, "If-Match required", "It is stored with other contents, or was deleted, which leaves a revision too: send If-Match with the ETag of the state you saw. The response's ETag header is the current one."),
    "too-many-attempts": ProblemType(429, "Too many attempts", "Wait as long as Retry-After says."),
    "server-error": ProblemType(500, "Server error", "Our fault. Nothing was saved; the instance id finds it in the log."),
    "unavailable": ProblemType(503, "Not now", "The server cannot do this right now. Nothing was saved, unless the detail says that it may have been; try again after Retry-After."),
}  # fmt: skip

_HTTP = {
    400: "unreadable",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "unsupported-media-type",
}


class Problem(Exception):
    """An answer that is an error; raised by the HTTP layer itself."""

    def __init__(self, slug: str, detail: str, **extra: Any) -> None:
        super().__init__(slug)
        self.slug = slug
        self.detail = detail
        self.extra = extra
        self.headers: dict[str, str] = {}

    def with_headers(self, **headers: str) -> "Problem":
        self.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
        return self


def respond(
    slug: str,
    detail: str,
    extra: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The problem document for a documented type."""
    kind = TYPES[slug]
    body = document(slug, detail, extra)
    if "safety_card" in g:  # what was said is answered, whatever became of the rest
        body["safety_card"] = g.safety_card
    response = Response(json.dumps(body), status=kind.status, content_type=CONTENT_TYPE)
    response.headers.update(headers or {})
    return response


def document(slug: str, detail: str, extra: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The problem as it is told, by itself or beside what went well."""
    kind = TYPES[slug]
    return {
        "type": f"/problems/{slug}",
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "instance": f"urn:uuid:{g.get('request_id', '')}",
        **(extra or {}),
    }


def register(app: Flask) -> None:
    """Point every way to fail at one document."""
    app.register_error_handler(Problem, _on_problem)
    app.register_error_handler(Refusal, _on_refusal)
    app.register_error_handler(HTTPException, _on_http)
    for broken in DATABASE_ERRORS:
        app.register_error_handler(broken, _on_database)
    app.register_error_handler(Exception, _on_anything)


def fault_list(faults: list[Fault]) -> dict[str, Any]:
    return {"errors": [{"pointer": fault.pointer, "detail": fault.detail} for fault in faults]}


def _on_problem(problem: Problem) -> Response:
    return respond(problem.slug, problem.detail, problem.extra, problem.headers)


def _on_refusal(refusal: Refusal) -> Response:
    extra = dict(refusal.extra)
    headers = {}
    if isinstance(refusal, Invalid | Questions):
        extra |= fault_list(refusal.faults)
    if isinstance(refusal, TooManyAttempts | Unavailable):
        headers["Retry-After"] = str(refusal.retry_after_seconds)
    if isinstance(refusal, Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(refusal, Denied):
        g.denied = refusal  # audited after this request's own transaction has ended
    return respond(refusal.slug, refusal.detail, extra, headers)


def _on_http(error: HTTPException) -> Response:
    status = error.code or 500
    slug = _HTTP.get(status, "server-error" if status >= 500 else "unreadable")
    headers = {name: value for name, value in error.get_headers() if name == "Allow"}
    return respond(slug, TYPES[slug].meaning, headers=headers)


def _on_database(error: Exception) -> Response:
    """Two at the same moment meet in a unique key; what the database cannot do now is 503; any
    other error of its is our own fault."""
    if is_unique_violation(error):
        told = "Somebody else changed this at the same moment. Nothing was saved."
        return respond("conflict", told)
    if not is_unavailable(error):
        return _on_anything(error)
    structlog.get_logger().warning("unavailable", error=type(error).__name__)
    return respond("unavailable", TYPES["unavailable"].meaning, headers={"Retry-After": "1"})


def _on_anything(error: Exception) -> Response:
    # The class and place of an exception, never its text: a text may hold an answer.
    structlog.get_logger().error(
        "server error", error=type(error).__name__, route=str(request.url_rule), where=_where(error)
    )
    return respond("server-error", TYPES["server-error"].meaning)


def _where(error: BaseException) -> list[str]:
    frames, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}:{code.co_name}")
        trace = trace.tb_next
    return frames[-8:]

"""Headers every answer carries: the server's epoch, and what a browser may do with it."""

import time
from collections.abc import Callable

from flask import Flask, Response, g

from models.faults import DATABASE_ERRORS

API_POLICY = "default-src 'none'; frame-ancestors 'none'"
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}
# A database that does not answer is not asked by every answer, or /health would wait for it too.
_EPOCH_PAUSE_SECONDS = 5.0


def register(app: Flask, epoch: Callable[[], str]) -> None:
    """`epoch` names the unbroken history this server writes to; clients compare it."""

    asked_in_vain = -_EPOCH_PAUSE_SECONDS

    def complete(response: Response) -> Response:
        response.headers.update(_ALWAYS)
        response.headers["X-Request-Id"] = g.request_id
        response.headers.setdefault("Content-Security-Policy", API_POLICY)
        response.headers.setdefault("Cache-Control", "no-store")
        nonlocal asked_in_vain
        was_there = "principal" in g and response.status_code < 500
        if not was_there and time.monotonic() - asked_in_vain < _EPOCH_PAUSE_SECONDS:
            return response
        # Without a database nobody knows the epoch, and a wrong one would alarm clients.
        try:
            response.headers["Epoch"] = epoch()
        except DATABASE_ERRORS:
            asked_in_vain = time.monotonic()
        return response

    app.after_request(complete)

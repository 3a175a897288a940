"""Structured logs from an allow-list: routes, ids and times; never a body, a path or an answer."""

import logging
import sys
import time
from collections.abc import MutableMapping
from http import HTTPMethod
from typing import Any
from uuid import UUID, uuid4

import structlog
from flask import Flask, Response, g, request

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "request_id", "login_id", "role", "method", "route",
        "status", "duration_ms", "error", "where", "environment", "database", "reason", "count",
    }
)  # fmt: skip


def only_allowed(
    _logger: Any, _name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Drop every key nobody has thought about."""
    return {key: value for key, value in event.items() if key in ALLOWED}


def configure(level: str) -> None:
    """JSON lines on standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def register(app: Flask) -> None:
    """Give every request an id, and tell of every answer in one line."""
    app.before_request(_begin)
    app.after_request(_tell)


def _begin() -> None:
    g.started = time.perf_counter()
    g.request_id = _sent_id() or str(uuid4())
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _sent_id() -> str | None:
    """A proxy's X-Request-Id, if it is a UUID: anything else could carry words into the log."""
    try:
        return str(UUID(request.headers.get("X-Request-Id", "")))
    except ValueError:
        return None


def _tell(response: Response) -> Response:
    structlog.get_logger().info(
        "request",
        method=request.method if request.method in HTTPMethod.__members__ else None,
        route=str(request.url_rule) if request.url_rule else None,
        status=response.status_code,
        duration_ms=round((time.perf_counter() - g.started) * 1000, 1),
    )
    return response

"""A chart as an answer: an SVG with its tag, in which nothing can be loaded or run."""

from flask import Response


def picture(drawn: bytes, etag: str, *, style: str) -> Response:
    """The drawn chart; `style` is the source of the one style sheet in it."""
    policy = f"default-src 'none'; style-src {style}; frame-ancestors 'none'; sandbox"
    answer = Response(drawn, content_type="image/svg+xml; charset=utf-8")
    answer.headers["ETag"] = f'"{etag}"'
    answer.headers["Content-Security-Policy"] = policy
    return answer

"""A chart as an answer: an SVG with its tag, in which nothing can be loaded or run."""

from flask import Response

from formats.svg import STYLE_SOURCE

_POLICY = f"default-src 'none'; style-src {STYLE_SOURCE}; frame-ancestors 'none'; sandbox"


def picture(drawn: bytes, etag: str) -> Response:
    """The drawn chart."""
    answer = Response(drawn, content_type="image/svg+xml; charset=utf-8")
    answer.headers["ETag"] = f'"{etag}"'
    answer.headers["Content-Security-Policy"] = _POLICY
    return answer

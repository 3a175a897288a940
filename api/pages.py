"""The web pages: shells without anybody's data, which ask the API as whoever is logged in."""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from string import Template

from flask import Response

from api.preconditions import IF_NONE_MATCH
from api.replies import cacheable
from api.routes import Routes
from care.access import PUBLIC
from care.refusals import NotFound

blp = Routes("pages", "The web pages: clients of this API like any other.")

_WEB = Path(__file__).parent.parent / "web"
# Fixed lists, never a folder: what is not named here is not served.
_FILES = frozenset(
    {
        *("lib/base.css", "lib/icon.svg", "lib/client.js", "lib/format.js", "lib/frame.js"),
        *("lib/session.js", "lib/types.js", "lib/chart.js", "lib/next_session.js", "lib/ways.js"),
        *("lib/curve.js", "lib/picture.js", "lib/reasons.js", "lib/window_words.js"),
        *("lib/window_types.js", "lib/sync.js", "lib/sync_answers.js", "lib/sync_book.js"),
        *("lib/sync_exchange.js", "lib/sync_memory.js", "lib/sync_merge.js", "lib/sync_outbox.js"),
        *("lib/sync_outcome.js", "lib/sync_pull.js", "lib/sync_round.js", "lib/sync_sender.js"),
        *("lib/sync_storage.js", "lib/sync_transport.js", "lib/sync_types.js", "lib/sync_wait.js"),
        *("front/front.css", "front/front.js", "front/login.js", "front/join.js", "front/reset.js"),
        *("front/consent.js", "front/join_words.js"),
        *("phone/phone.css", "phone/checkin.js", "phone/day.js", "phone/days.js"),
        *(
            "phone/draft.js",
            "phone/rating.js",
            "phone/effects.js",
            "phone/conflict.js",
            "phone/help.js",
        ),
        *("phone/help_lines.js", "phone/own_days.js", "phone/store.js"),
        *("phone/safety_card.js", "phone/thoughts.js", "phone/plan.js", "phone/plan_lines.js"),
        *("dashboard/alerts.js", "dashboard/alert_history.js", "dashboard/alert_people.js"),
        "dashboard/open_alerts.js",
        *("dashboard/dashboard.css", "dashboard/patients.js", "dashboard/patient.js"),
        *("dashboard/figures.js", "dashboard/charts.js", "dashboard/tables.js"),
        *("dashboard/scales.js", "dashboard/scale_words.js", "dashboard/safety_answers.js"),
        *("dashboard/period.js", "dashboard/words.js", "dashboard/formula.js"),
        *("dashboard/address.js", "dashboard/answer.js", "dashboard/curve.js"),
        *("dashboard/windows.js", "dashboard/window_figures.js", "dashboard/window_sections.js"),
        *("dashboard/after_sessions.js", "dashboard/outlook.js", "dashboard/notes.js"),
        *("dashboard/compared.js", "dashboard/course.js", "lib/thresholds.js"),
    }
)
_VENDOR = {
    "preact.js": "preact/dist/preact.mjs",
    "preact-hooks.js": "preact/hooks/dist/hooks.mjs",
    "htm.js": "htm/dist/htm.mjs",
}
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_IMPORT_MAP = re.compile(r'<script type="importmap">(.*?)</script>', re.DOTALL)


@cache
def _shell(room: str, page: str, title: str) -> tuple[bytes, str]:
    """A page and its policy, which allows scripts of this server and the page's own import map."""
    template = Template((_WEB / "shell.html").read_text())
    written = template.substitute(room=room, page=page, title=title)
    mapped = _IMPORT_MAP.findall(written)[0]
    digest = b64encode(sha256(mapped.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; script-src 'self' 'sha256-{digest}'; style-src 'self'; "
        "img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    return written.encode(), policy


def _page(room: str, page: str, title: str) -> Response:
    body, policy = _shell(room, page, title)
    shown = cacheable(body, "text/html")
    shown.headers["Content-Security-Policy"] = policy
    return shown


@blp.serve("GET", "/", PUBLIC, parameters=[IF_NONE_MATCH])
@blp.response(200, {"type": "string"}, content_type="text/html")
def front_page() -> Response:
    """The page where people log in."""
    return _page("front", "login", "Interlude")


@blp.serve("GET", "/login", PUBLIC, parameters=[IF_NONE_MATCH])
@blp.response(200, {"type": "string"}, content_type="text/html")
def login_page() -> Response:
    """The same page, where people look for it."""
    return _page("front", "login", "Interlude")


@blp.serve("GET", "/join", PUBLIC, parameters=[IF_NONE_MATCH])
@blp.response(200, {"type": "string"}, content_type="text/html")
def join_page() -> Response:
    """The page an invitation's letter leads to; the token stands behind the # of its link."""
    return _page("front", "join", "Interlude")


@blp.serve("GET", "/reset", PUBLIC, parameters=[IF_NONE_MATCH])
@blp.response(200, {"type": "string"}, content_type="text/html")
def reset_page() -> Response:
    """The page where a password is set anew; a token stands behind the #."""
    return _page("front", "reset", "Interlude")


@blp.serve("GET", "/checkin", PUBLIC, parameters=[IF_NONE_MATCH])
@blp.response(200, {"type": "string"}, content_type="text/html")
def checkin_page() -> Response:
    """The patient's page: the day's check-in."""
    return _page("phone", "checkin", "Check-in")


@blp.serve("GET", "/patients", PUBLIC, parameters=[IF_NONE_MATCH])
@blp.response(200, {"type": "string"}, content_type="text/html")
def patients_page() -> Response:
    """The clinician's page: their patients."""
    return _page("dashboard", "patients", "Patients")


@blp.serve("GET", "/patients/<whose>", PUBLIC, parameters=[IF_NONE_MATCH])
@blp.response(200, {"type": "string"}, content_type="text/html")
def patient_page(whose: str) -> Response:
    """The clinician's page of one patient: the same for every id, whether there is one or not."""
    return _page("dashboard", "patient", "Patient")


@blp.serve("GET", "/alerts", PUBLIC, parameters=[IF_NONE_MATCH])
@blp.response(200, {"type": "string"}, content_type="text/html")
def alerts_page() -> Response:
    """The page of whoever is to look at alerts: an admin's first."""
    return _page("dashboard", "open_alerts", "Alerts")


@blp.serve("GET", "/web/<room>/<name>", PUBLIC, problems=("not-found",), parameters=[IF_NONE_MATCH])
@blp.response(200, {"type": "string"}, content_type="text/javascript")
@blp.alt_response(200, schema={"type": "string"}, content_type="text/css")
@blp.alt_response(200, schema={"type": "string"}, content_type="image/svg+xml")
def web_file(room: str, name: str) -> Response:
    """A script or style of the web pages."""
    if f"{room}/{name}" not in _FILES:
        raise NotFound("No such file.")
    return cacheable((_WEB / room / name).read_bytes(), _TYPES[Path(name).suffix])


@blp.serve("GET", "/vendor/<name>", PUBLIC, problems=("not-found",), parameters=[IF_NONE_MATCH])
@blp.response(200, {"type": "string"}, content_type="text/javascript")
def vendor_file(name: str) -> Response:
    """A script of others that the web pages use, as its package has it."""
    if name not in _VENDOR:
        raise NotFound("No such file.")
    packaged = _WEB / "node_modules" / _VENDOR[name]
    if not packaged.is_file():
        raise NotFound("The web pages' packages are not installed: `make run` fetches them.")
    return cacheable(packaged.read_bytes(), "text/javascript")

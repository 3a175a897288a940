"""SVG as text: elements written in one way, what was typed escaped, one style for all charts."""

import html
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256

# XML 1.0 has no place for these, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Grey is what was before, the accent is now. A curve's text grows with the picture only so far:
# shown wider than a phone, it is made smaller again.
STYLE = (
    ":root{color-scheme:light dark}"
    "text{font-size:15px;fill:#23292e}"
    ".quiet{fill:#5a636b}"
    ".called{font-size:14px;fill:#7a4a12}"
    ".grid{stroke:#dfe3e6}"
    ".axis{stroke:#9aa3ab}"
    ".band{fill:#1d6a72;opacity:.1}"
    ".level{stroke:#5a636b;stroke-width:1.2;stroke-dasharray:7 4}"
    ".visit{stroke:#b0772f;stroke-width:1.2;stroke-dasharray:2 3}"
    ".line{fill:none;stroke:#1d6a72;stroke-width:1.8;stroke-linejoin:round}"
    ".point{fill:#1d6a72}"
    ".zero{fill:#5a636b;opacity:.1}"
    ".old{fill:none;stroke:#77828a;opacity:.5}"
    ".lone{fill:#77828a;opacity:.5}"
    ".usual{fill:#5a636b;opacity:.16}"
    ".median{fill:none;stroke:#4a535a;stroke-width:1.8;stroke-linejoin:round}"
    ".ribbon{fill:#1d6a72;opacity:.17}"
    ".now{fill:none;stroke:#1d6a72;stroke-width:2.4;stroke-linejoin:round}"
    ".acute{fill:#77828a}"
    ".before{fill:none;stroke:#77828a;stroke-width:1.6}"
    ".worn{fill:none;stroke:#b0772f;stroke-width:1.6}"
    ".limit{fill:none;stroke:#7a4a12;stroke-width:1.4;stroke-dasharray:7 4}"
    ".beyond{fill:none;stroke:#7a4a12;stroke-width:1.8}"
    "@media (min-width:560px){.curve text{font-size:10.5px}}"
    "@media screen and (prefers-color-scheme:dark){"
    "text{fill:#e4e7e9}"
    ".quiet{fill:#a5afb7}"
    ".called{fill:#e3b57a}"
    ".grid{stroke:#333b42}"
    ".axis{stroke:#6b757d}"
    ".band{fill:#7cc5cc;opacity:.14}"
    ".level{stroke:#a5afb7}"
    ".visit{stroke:#c8944f}"
    ".line{stroke:#7cc5cc}"
    ".point{fill:#7cc5cc}"
    ".zero{fill:#a5afb7;opacity:.12}"
    ".old{stroke:#8b969e;opacity:.6}.lone,.acute{fill:#8b969e}.before{stroke:#8b969e}"
    ".usual{fill:#a5afb7;opacity:.16}"
    ".median{stroke:#c3cad0}"
    ".ribbon{fill:#7cc5cc;opacity:.2}"
    ".now{stroke:#7cc5cc}"
    ".worn{stroke:#c8944f}"
    ".limit,.beyond{stroke:#e3b57a}}"
)
# The one style a Content-Security-Policy has to allow for a chart opened on its own.
STYLE_SOURCE = f"'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'"


def text(written: str) -> str:
    """What somebody typed, as character data; what XML cannot hold is shown as missing."""
    return html.escape(_NOT_XML.sub("\ufffd", written))


def element(name: str, attributes: Mapping[str, object], *inside: str) -> str:
    """An element; numbers to a tenth of a unit, `inside` as it is."""
    told = "".join(f' {key}="{_written(value)}"' for key, value in attributes.items())
    if not inside:
        return f"<{name}{told}/>"
    return f"<{name}{told}>{''.join(inside)}</{name}>"


def document(parts: Iterable[str], size: tuple[int, int], kind: str | None = None) -> bytes:
    """A whole picture, width by height, in the one style; `kind` is its class."""
    width, height = size
    frame: dict[str, object] = {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": f"0 0 {width} {height}",
        "width": width,
        "height": height,
        "role": "img",
        **({} if kind is None else {"class": kind}),
        "font-family": "system-ui, sans-serif",
    }
    return element("svg", frame, *parts).encode()


def label(words: str, at: tuple[float, float], *, kind: str = "quiet", anchor: str = "") -> str:
    """Words standing at a point: beginning, ending ("end") or centred ("middle") there."""
    place: dict[str, object] = {"class": kind, "x": at[0], "y": at[1]}
    return element("text", place | ({"text-anchor": anchor} if anchor else {}), text(words))


def _written(value: object) -> str:
    if isinstance(value, int | float):
        return f"{value:.1f}".removesuffix(".0")
    return text(str(value))

"""The style of response curves and control charts: that of all charts, and what they add.

Grey is what was before, the accent is now. Text grows with the picture only so far: shown wider
than a phone, it is made smaller again.
"""

from base64 import b64encode
from hashlib import sha256

from formats.svg import STYLE

CURVE_STYLE = (
    STYLE + ".zero{fill:#5a636b;opacity:.1}"
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
    "@media (min-width:560px){text,.called{font-size:11.5px}}"
    "@media screen and (prefers-color-scheme:dark){"
    ".zero{fill:#a5afb7;opacity:.12}"
    ".old{stroke:#8b969e;opacity:.6}.lone,.acute{fill:#8b969e}.before{stroke:#8b969e}"
    ".usual{fill:#a5afb7;opacity:.16}"
    ".median{stroke:#c3cad0}"
    ".ribbon{fill:#7cc5cc;opacity:.2}"
    ".now{stroke:#7cc5cc}"
    ".worn{stroke:#c8944f}"
    ".limit,.beyond{stroke:#e3b57a}}"
)
# The one style a Content-Security-Policy has to allow for such a picture opened on its own.
CURVE_STYLE_SOURCE = f"'sha256-{b64encode(sha256(CURVE_STYLE.encode()).digest()).decode()}'"

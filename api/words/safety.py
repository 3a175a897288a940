"""What the names about safety answers, alerts and reviews mean."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    # The card
    "CrisisLineOut.kind": "`emergency`, `call`, `text`, or `web` for a place to search.",
    "CrisisLineOut.name": "Whose line it is; null where the number says all.",
    "number": "What to dial, to write to, or to open.",
    "last_verified": "When the clinic's admin confirmed it; null while nobody has.",
    "LookOut.opens": "When the clinic begins to look.",
    "LookOut.closes": "Until when it looks.",
    "SafetyCardOut.language": "The language the texts are in.",
    "SafetyCardOut.title": "Its heading.",
    "texts": "What it says, in order.",
    "lines": "Whom to call, the emergency number first.",
    "lines_text": "What stands above the lines.",
    "review": "When the clinic looks at such answers.",
    "next_look": "The hours that are on, or the next; null where the clinic has named none.",
    "offer": "A scale that may be answered now; null for none.",
    "has_safety_plan": "Whether the patient has written a safety plan.",
    "safety_card": "What the patient is to be shown.",
}

EXAMPLES: Mapping[str, str] = {}

"""What the names about letters, reminders, session guides and the calendar mean."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "ReadyOut.status": "`ready`.",
    "jobs": "`running`, `late` (letters wait, nothing is escalated) or `never`.",
    "jobs_beat_at": "When the jobs last went round; null if they never did.",
}

EXAMPLES: Mapping[str, str] = {}

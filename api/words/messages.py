"""What the names about letters, reminders, session guides and the calendar mean."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "ReadyOut.status": "`ready`.",
    "jobs": "`running`, `late` (letters wait, nothing is escalated) or `never`.",
    "jobs_beat_at": "When the jobs last went round; null if they never did.",
    "channel": "`email` to your account's, or `text` to your telephone; null: nothing is sent.",
    "quiet_from": "From when on nothing is sent, on your wall clock; null without quiet hours.",
    "quiet_until": "When the quiet hours end; before `quiet_from`, on the next morning.",
    "snoozed_until": "Until when the next reminder was put off; null when it was not.",
    "paused_until": "The last day without reminders; null while there is no pause.",
    "next_at": "When the next reminder is due, unless the day is logged by then; null for never.",
    "SnoozeIn.minutes": "In how many minutes you are reminded again.",
}

EXAMPLES: Mapping[str, str] = {}

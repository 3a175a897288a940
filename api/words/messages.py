"""What the names about letters, reminders, session guides and the calendar mean."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "ReadyOut.status": "`ready`.",
    "jobs": "`running`, `late` (letters wait, nothing is escalated) or `never`.",
    "jobs_beat_at": "When the jobs last made every round; null if they never did.",
    "letters_waiting_since": "Of the oldest letter that could not be sent yet; null without one.",
    "clinics_without_reviewer": "Clinics that ask about suicidal thoughts no more, for everybody "
    "they named to look has been shut out.",
    "channel": "`email` to your account's, or `text` to your telephone; null: nothing is sent.",
    "quiet_from": "From when on nothing is sent, on your wall clock; null without quiet hours.",
    "quiet_until": "When the quiet hours end; before `quiet_from`, on the next morning.",
    "snoozed_until": "Until when the next reminder was put off; null when it was not.",
    "paused_until": "The last day without reminders; null while there is no pause.",
    "next_at": "When the next reminder is due, unless the day is logged by then; null for never.",
    "url": "The feed's address, to give to a calendar; null while none is open.",
    "feed_token": "The last part of a feed's address.",
    "AdviceOut.code": "What it is about.",
    "AdviceOut.text": "In your language as far as it is there, else in English.",
    "AdviceOut.at": "Before: from when on. After: until when. Null where it has no time.",
    "SessionGuide.session_id": "Which session.",
    "SessionGuide.route": "By which route, as recorded, planned or the course has it.",
    "begins_at": "When it began, or is booked to begin.",
    "minutes_on_site": "How many minutes one stays, as booked or as is usual for the route.",
    "prepare": "What to do before it; empty once it has begun.",
    "afterwards": "What not to do after it.",
    "SnoozeIn.minutes": "In how many minutes you are reminded again.",
}

EXAMPLES: Mapping[str, str] = {}

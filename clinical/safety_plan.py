"""A safety plan: the steps a patient has written down for themself, in their own words.

After Stanley and Brown's steps (u): what they notice first, what helps alone, where and with whom
they find distance, whom they can ask, which professionals, and what makes their surroundings safer.
"""

WORDS = ("warning_signs", "own_coping", "places", "safer_surroundings", "reasons")
CONTACTS = ("people", "professionals")
KEYS = (*WORDS, *CONTACTS)
MOST_LINES, MOST_CONTACTS = 20, 10

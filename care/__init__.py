"""What follows from what: the verbs with consequences. They never commit; their caller does."""

"""What follows from what: the verbs with consequences. Takes a connection, who, and now; never commits."""

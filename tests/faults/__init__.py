"""A checker as in Jepsen: phones write while things break; afterwards nothing may be missing."""

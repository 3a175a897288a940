"""Medicine: pure functions and plain values; no HTTP, no tables, no clock."""

"""The reference client of the sync protocol: outbox, merge and pull, without network or disk."""

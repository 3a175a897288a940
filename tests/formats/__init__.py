"""Shapes of file, tested without a database."""

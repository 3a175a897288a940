"""Shapes of paper and file: pure, values in, bytes out and back."""

"""HTTP: one file per noun, schemas on top, routes below."""

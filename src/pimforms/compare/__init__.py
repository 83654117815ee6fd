"""Two forms: what changed between them, and what of it breaks the data."""

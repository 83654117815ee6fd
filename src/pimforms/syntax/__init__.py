"""Text to tree and back: reading with recovery, and formatting."""

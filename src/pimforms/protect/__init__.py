"""Model to model: consent, gates, exits and what else protects people, woven in. One file a protection."""

"""Tree to model: modules put in, names known, tags inherited."""

"""The standards as data: topics, levels, types, wordings. Tables, not branches."""

"""KoboToolbox, API version 2: finding a project by its own mark, replacing it, publishing it, and looking whether it got there."""

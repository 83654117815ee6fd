"""ODK Central: what it is asked, the order in which a form goes there, and its answers in our words."""

"""Servers: what a form demands of them, what they have, and sending a form so that it can be trusted."""

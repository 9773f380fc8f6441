"""The ways in: each parses a request, asks, and presents the same Answer. They do not import each other."""

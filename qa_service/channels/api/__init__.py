"""The HTTP API under /api/v1, and what operators probe."""

"""Passages become an index; a query becomes hits."""

"""Cited, reproducible answers over policy commentary, without a language model."""

"""Where documents and what is derived from them are kept."""

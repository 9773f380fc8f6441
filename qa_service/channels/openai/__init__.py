"""The OpenAI-compatible API under /v1: chat completions and responses, streamed or whole."""

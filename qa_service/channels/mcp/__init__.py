"""The Model Context Protocol (extra `mcp`): tools `search`, `fetch` and `ask`, at /mcp and on stdio."""

"""The Slack channel: mentions, direct messages, /ask and buttons; over HTTP or a socket."""

"""Chats that send outgoing webhooks in Slack's old form: Mattermost, Rocket.Chat, Zulip and others."""

"""Which token a delivery is answered with: known here, so that no delivery waits for Slack to say it."""

from typing import Any

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.authorize import Authorize
from slack_sdk.oauth import InstallationStore


class OneWorkspace(Authorize):
    """The token of the one workspace where the app is installed."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None, **_: Any
    ) -> AuthorizeResult:
        """That token, for any delivery: it was signed with the app's secret."""
        return AuthorizeResult(
            enterprise_id=enterprise_id, team_id=team_id, user_id=user_id, bot_token=self._token
        )


class ManyWorkspaces(Authorize):
    """The tokens that installations left."""

    def __init__(self, installations: InstallationStore) -> None:
        self._installations = installations

    def __call__(
        self, *, context: Any, enterprise_id: str | None, team_id: str | None, user_id: str | None, **_: Any
    ) -> AuthorizeResult | None:
        """The token of the workspace that a delivery comes from; None where the app is not installed."""
        found = self._installations.find_bot(
            enterprise_id=enterprise_id,
            team_id=team_id,
            is_enterprise_install=context.is_enterprise_install,
        )
        if found is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            user_id=user_id,
            bot_token=found.bot_token,
            bot_id=found.bot_id,
            bot_user_id=found.bot_user_id,
        )

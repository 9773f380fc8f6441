"""Who asks: how what it keeps is marked, and what it may do."""

import pytest

from qa_service.domain.principal import ANONYMOUS, Principal, Scope, Via


@pytest.mark.parametrize(
    ("caller", "owner"),
    [
        (ANONYMOUS, "anonymous:"),
        (Principal(via=Via.KEY, name="3f9a"), "key:3f9a"),
        (Principal(via=Via.TEAM, name="slack/T0123"), "team:slack/T0123"),
    ],
)
def test_what_was_kept_before_is_found_by_its_mark(caller: Principal, owner: str) -> None:
    """Stores that stand hold these: a mark that changes loses every conversation."""
    assert caller.owner == owner


def test_who_is_not_known_may_ask_and_an_admin_everything() -> None:
    admin = Principal(via=Via.KEY, name="3f9a", scopes=frozenset({Scope.ADMIN}))

    assert [scope for scope in Scope if ANONYMOUS.may(scope)] == [Scope.ASK]
    assert all(map(admin.may, Scope))

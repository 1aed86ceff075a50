"""The configuration is read strictly: what is wrong is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tagship.errors import Failure
from tagship.rehearsal.fake_github.fixtures import Settings, settings_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.hub import Desk


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ([], "the configuration is no JSON object: []"),
        ({"colour": 1}, "the configuration has no colour"),
        ({"faults": {}}, "faults is no list: {}"),
        ({"faults": [1]}, "faults is no JSON object: 1"),
        ({"faults": [{"statuss": 502}]}, "faults has no statuss"),
        ({"faults": [{"when": "later"}]}, "faults: when is 'later', which is none of before, after"),
        ({"faults": [{"limit": "tertiary"}]}, "faults: limit is 'tertiary'"),
        ({"faults": [{"headers": "x"}]}, "faults: headers is 'x', which is no dict"),
        ({"faults": [{"nth": 1}]}, "faults: nth is 1, which is no list"),
        ({"faults": [{"delay": "1"}]}, "faults: delay is '1', which is no float"),
        ({"latency": True}, "the configuration: latency is True, which is no float"),
        ({"limits": {"assets": "many"}}, "limits: assets is 'many', which is no int"),
        ({"limits": {"primary": {"hours": 1}}}, "limits.primary has no hours"),
        ({"limits": {"content": [{"requests": 1}]}}, "limits.content: "),
        ({"tokens": [{"login": "x"}]}, "tokens: "),
        ({"tokens": [{"token": "x", "kind": "personal"}]}, "tokens: kind is 'personal'"),
        ({"tokens": [{"token": "x", "permissions": {"*": {"contents": "admin"}}}]}, "contents is 'admin'"),
        ({"repositories": [{"name": "o/r", "id": 1}]}, "repositories has no id"),
        ({"repositories": [{"name": "o/r", "private": "yes"}]}, "repositories: private is 'yes'"),
        ({"repositories": [{"name": "o/r", "releases": [{"id": 1}]}]}, "releases has no id"),
        ({"repositories": [{"name": "o/r", "releases": [{"created_at": "then"}]}]}, "created_at is 'then'"),
        (
            {"repositories": [{"name": "o/r", "releases": [{"assets": [{"name": "a", "state": "open"}]}]}]},
            "assets: state is 'open'",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_configuration_is_refused_by_name(open_desk: Callable[..., Desk], config: object, found: str) -> None:
    """Unknown names and values of another kind stop everything, told as what was found."""
    desk = open_desk()
    with pytest.raises(Failure) as caught:
        desk.hub.configure(config)
    assert found in caught.value.problems[0].found


def test_nothing_configured_is_what_github_does() -> None:
    """The defaults are GitHub's own limits, no faults, no waiting."""
    assert settings_of({}) == Settings()
    assert settings_of(dict.fromkeys(("limits", "faults", "latency", "lag"))) == Settings()

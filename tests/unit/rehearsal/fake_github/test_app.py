"""What outlives the process, and what a configuration does to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.hub import COMMIT, OTHER_COMMIT, REPOSITORY, configuration
from tagship.errors import Failure

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.hub import Desk


def test_everything_is_there_again_over_the_same_folder(open_desk: Callable[..., Desk]) -> None:
    """Releases, assets, tags and tokens are the same in a second process; ids go on where they stopped."""
    desk = open_desk()
    first = desk.create("v3.0.0", draft=False)
    desk.upload(first["id"], "a.whl")
    gone = desk.create("v1.0.0")
    desk.ask("DELETE", f"{REPOSITORY}/releases/{gone['id']}")
    again = open_desk({})
    assert again.hub.snapshot() == desk.hub.snapshot()
    assert again.hub.token() == desk.hub.token()
    assert again.create("v2.0.0")["id"] > gone["id"]


def test_settings_are_kept_and_faults_go_on_counting(open_desk: Callable[..., Desk]) -> None:
    """The second of three bad answers does not come a second time because the process was killed."""
    config = configuration(faults=[{"status": 502, "nth": [1, 3], "path": REPOSITORY}])
    assert [open_desk(config).ask("GET", REPOSITORY).status for _ in range(4)] == [502, 200, 502, 200]


def test_another_plan_counts_anew(open_desk: Callable[..., Desk]) -> None:
    """New faults start at the first request after them."""
    desk = open_desk(configuration(faults=[{"status": 502, "nth": [2]}]))
    assert desk.ask("GET", REPOSITORY).status == 200
    desk.hub.configure({"faults": [{"status": 503, "nth": [1]}]})
    assert [desk.ask("GET", REPOSITORY).status for _ in range(2)] == [503, 200]
    desk.hub.configure({"faults": []})
    assert desk.ask("GET", REPOSITORY).status == 200


def test_configuring_again_changes_settings_and_leaves_what_happened(open_desk: Callable[..., Desk]) -> None:
    """Releases and tags that came about since are not configured away."""
    config = configuration({"releases": [{"tag_name": "v1.0.0"}]})
    desk = open_desk(config)
    desk.create("v3.0.0", draft=False)
    before: Any = desk.hub.snapshot()
    desk.hub.configure(configuration({"private": True, "tags": {"v3.0.0": OTHER_COMMIT, "v4.0.0": COMMIT}}))
    after: Any = desk.hub.snapshot()
    assert after["releases"] == before["releases"]
    assert after["repositories"][0]["private"]
    tags = {"v1.0.0": COMMIT, "v2.0.0": OTHER_COMMIT, "v3.0.0": COMMIT, "v4.0.0": COMMIT}
    assert after["repositories"][0]["tags"] == tags


def test_a_token_is_made_where_none_is_configured(open_desk: Callable[..., Desk]) -> None:
    """It is the same after a restart, and may write everywhere."""
    config = configuration()
    del config["tokens"]
    desk = open_desk(config)
    token = desk.hub.token()
    assert token.startswith("ghs_")
    assert desk.ask("POST", f"{REPOSITORY}/releases", {"tag_name": "v1.0.0"}, token=token).status == 201
    assert open_desk({}).hub.token() == token


def test_a_tag_can_be_pushed_moved_and_deleted(desk: Desk) -> None:
    """As git would from outside; a repository that is not there is left alone."""
    path = f"{REPOSITORY}/git/ref/tags/v5.0.0"
    desk.hub.push_tag("octo/hello", "v5.0.0", COMMIT)
    assert desk.content("GET", path)["object"]["sha"] == COMMIT
    desk.hub.push_tag("octo/hello", "v5.0.0", OTHER_COMMIT)
    assert desk.content("GET", path)["object"]["sha"] == OTHER_COMMIT
    desk.hub.push_tag("octo/hello", "v5.0.0", None)
    assert desk.ask("GET", path).status == 404
    desk.hub.push_tag("octo/nothing", "v5.0.0", COMMIT)


def test_a_wrong_configuration_changes_nothing(desk: Desk) -> None:
    """All of it is read before any of it is done."""
    before = desk.hub.snapshot()
    with pytest.raises(Failure):
        desk.hub.configure({"repositories": [{"name": "octo/new"}], "faults": [{"when": "before", "color": "red"}]})
    with pytest.raises(Failure):
        desk.hub.configure({"repositories": [{"name": "octo/new"}, {"name": "octo/newer", "size": 1}]})
    assert desk.hub.snapshot() == before

"""Settings of the app, its default token, and pushed tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.fake_github import COMMIT, OTHER_COMMIT, REPOSITORY, settings_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.fake_github import Client


def test_faults_count_from_the_request_after_they_were_set(connect: Callable[..., Client]) -> None:
    """New settings replace the faults and start their counts again."""
    client = connect(faults=[{"status": 502, "nth": (2,)}])
    assert client.ask("GET", REPOSITORY).status == 200
    client.app.settings = settings_of(faults=[{"status": 503, "nth": (1,)}])
    assert [client.ask("GET", REPOSITORY).status for _ in range(2)] == [503, 200]
    client.app.settings = settings_of()
    assert client.ask("GET", REPOSITORY).status == 200


def test_an_app_without_tokens_creates_one_that_may_write(connect: Callable[..., Client]) -> None:
    """The created token is an installation token with access to all repositories."""
    client = connect(tokens=())
    token = client.app.token()
    assert token.startswith("ghs_")
    assert client.ask("POST", f"{REPOSITORY}/releases", {"tag_name": "v1.0.0"}, token=token).status == 201
    assert client.app.token() == token


def test_a_tag_can_be_pushed_moved_and_deleted(client: Client) -> None:
    """``push_tag`` has the effect of ``git push``."""
    path = f"{REPOSITORY}/git/ref/tags/v5.0.0"
    client.app.push_tag("octo/hello", "v5.0.0", COMMIT)
    assert client.content("GET", path)["object"]["sha"] == COMMIT
    client.app.push_tag("octo/hello", "v5.0.0", OTHER_COMMIT)
    assert client.content("GET", path)["object"]["sha"] == OTHER_COMMIT
    client.app.push_tag("octo/hello", "v5.0.0", None)
    assert client.ask("GET", path).status == 404

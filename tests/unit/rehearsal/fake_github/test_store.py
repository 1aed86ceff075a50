"""The state, the log of requests and the files of the store."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from tagship.rehearsal.fake_github.models import Asset, Drop, Put, Release, Repository, State, Token
from tagship.rehearsal.fake_github.store import Dropped, Store

if TYPE_CHECKING:
    from pathlib import Path

    from tagship.rehearsal.fake_github.models import Change, Record

TOKEN = Token(token="t", kind="classic", permissions={"*": {"contents": "write"}})
REPOSITORY = Repository(id=1001, name="Octo/Hello", tags={"v1": "a"}, latest=1002)
RELEASE = Release(id=1002, repository="Octo/Hello", tag_name="v1")
ASSET = Asset(id=1003, release=1002, name="a", state="starter")
ALL: list[Record] = [TOKEN, REPOSITORY, RELEASE, ASSET]


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        pytest.param([], (0, 0, 0, 0), id="no change"),
        pytest.param([Put(record=record) for record in ALL], (1, 1, 1, 1), id="one record of each kind"),
        pytest.param(
            [*(Put(record=record) for record in ALL), Drop(record=ASSET), Drop(record=TOKEN)],
            (0, 1, 1, 0),
            id="two records deleted",
        ),
        pytest.param(
            [Put(record=ASSET), Drop(record=ASSET), Put(record=ASSET)], (0, 0, 0, 1), id="one record restored"
        ),
    ],
)
def test_changes_apply_in_order(tmp_path: Path, changes: list[Change], left: tuple[int, ...]) -> None:
    """The state has the records that were added and not deleted afterwards."""
    store = Store(tmp_path)
    state = store.apply(changes)
    assert state == store.state == State().changed(changes)
    assert (len(state.tokens), len(state.repositories), len(state.releases), len(state.assets)) == left


def test_the_id_of_a_deleted_record_is_not_used_again(tmp_path: Path) -> None:
    """``serial`` is the highest id that was ever assigned."""
    assert Store(tmp_path).apply([Put(record=ASSET), Drop(record=ASSET)]).serial == ASSET.id


def test_an_older_state_does_not_change(tmp_path: Path) -> None:
    """A reader with an older state sees the older releases."""
    store = Store(tmp_path)
    before = store.apply([Put(record=RELEASE)])
    store.apply([Drop(record=RELEASE)])
    assert list(before.releases) == [RELEASE.id]


def test_only_complete_files_are_stored(tmp_path: Path) -> None:
    """An incomplete upload leaves no file, and equal contents share one file."""
    store = Store(tmp_path)
    with pytest.raises(Dropped):
        store.receive(BytesIO(b"half"), 8)
    assert list(tmp_path.iterdir()) == []
    for _ in range(2):
        file = store.receive(BytesIO(b"whole and more"), 5)
        assert file is not None
        assert (file.size, store.file(file.sha256).read_bytes()) == (5, b"whole")
    assert len(list(tmp_path.iterdir())) == 1

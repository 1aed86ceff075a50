"""What is written is what is read, in this process and the next."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from tagship.rehearsal.fake_github.models import Asset, Drop, Put, Release, Repository, State, Token
from tagship.rehearsal.fake_github.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tagship.rehearsal.fake_github.models import Change, Record

TOKEN = Token(token="t", kind="classic", permissions={"*": {"contents": "write"}})
REPOSITORY = Repository(id=1001, name="Octo/Hello", created_at=1.5, tags={"v1": "a"}, burnt_tags=("v0",), latest=1002)
RELEASE = Release(
    id=1002,
    repository="Octo/Hello",
    tag_name="v1",
    target_commitish="main",
    draft_name="untagged-1",
    author="octocat",
    created_at=1,
    updated_at=2,
    body="ö\n",
)
ASSET = Asset(
    id=1003,
    release=1002,
    name="a",
    label=None,
    state="starter",
    content_type="x/y",
    uploader="octocat",
    created_at=1,
    updated_at=1,
)
ALL: list[Record] = [TOKEN, REPOSITORY, RELEASE, ASSET]


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[list[Store]]:
    """Stores over one folder, closed at the end."""
    opened = [Store(tmp_path)]
    yield opened
    for store in opened:
        store.close()


def reopened(stores: list[Store]) -> Store:
    """Another store over the same folder, as a new process has it."""
    stores.append(Store(stores[0].blobs.parent))
    return stores[-1]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param([], id="nothing"),
        pytest.param([Put(record=record) for record in ALL], id="one of each"),
        pytest.param([*(Put(record=record) for record in ALL), Drop(record=ASSET), Drop(record=TOKEN)], id="some gone"),
        pytest.param([Put(record=ASSET), Drop(record=ASSET), Put(record=ASSET)], id="one gone and back"),
    ],
)
def test_the_state_is_the_same_in_the_next_process(stores: list[Store], changes: list[Change]) -> None:
    """Memory and disk agree after any changes."""
    state = stores[0].apply(changes)
    assert state == State().changed(changes)
    assert reopened(stores).state == state


def test_the_number_of_what_is_gone_is_not_given_again(stores: list[Store]) -> None:
    """The highest id ever stands, whatever was deleted since."""
    stores[0].apply([Put(record=ASSET), Drop(record=ASSET)])
    assert reopened(stores).state.serial == ASSET.id


def test_a_state_once_taken_stays_as_it_is(stores: list[Store]) -> None:
    """Who reads an older state sees the older releases."""
    before = stores[0].apply([Put(record=RELEASE)])
    stores[0].apply([Drop(record=RELEASE)])
    assert list(before.releases) == [RELEASE.id]


def test_bytes_are_kept_under_their_digest_when_they_are_all_there(stores: list[Store]) -> None:
    """A short upload leaves no file, and the same bytes are kept once."""
    store = stores[0]
    assert store.receive(BytesIO(b"half"), 8) is None
    assert list(store.blobs.iterdir()) == []
    for _ in range(2):
        parcel = store.receive(BytesIO(b"whole and more"), 5)
        assert parcel is not None
        assert (parcel.size, store.blob(parcel.sha256).read_bytes()) == (5, b"whole")
    assert len(list(store.blobs.iterdir())) == 1


def test_what_an_interrupted_upload_left_is_cleaned_away(stores: list[Store]) -> None:
    """The next process starts without the halves of the last."""
    partial = stores[0].blobs / "partial-1"
    partial.write_bytes(b"half")
    reopened(stores)
    assert not partial.exists()


def test_settings_are_kept_by_name(stores: list[Store]) -> None:
    """Any JSON value; what was never kept is None."""
    stores[0].keep({"faults": [{"status": 502}], "lag": 1.5})
    again = reopened(stores)
    assert (again.setting("faults"), again.setting("lag"), again.setting("other")) == ([{"status": 502}], 1.5, None)

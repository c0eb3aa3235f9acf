"""Pictures in a real S3 server: SeaweedFS from its wheel, started here with keys made here."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import obstore
import pytest

from morina.records import NoSuchImageError
from morina.records.adapters.obstore import ObstoreImages, PicturesAwayError
from s3_server import S3Server, s3_server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with s3_server(tmp_path_factory.mktemp("s3")) as running:
        yield running


@pytest.fixture
def images(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> ObstoreImages:
    """The store as a node has it: the URL is a setting, the rest its environment's."""
    for name, value in server.environment().items():
        monkeypatch.setenv(name, value)
    return ObstoreImages.at("s3://pictures", Path("unused"))


async def test_pictures_are_put_found_read_and_removed(images: ObstoreImages) -> None:
    picture = b"\xff\xd8 a picture"
    name = await images.put(picture)
    assert name == sha256(picture).hexdigest()
    assert await images.put(picture) == name
    assert await images.get(name) == picture
    assert await images.has(name)
    assert not await images.has("0" * 64)
    with pytest.raises(NoSuchImageError):
        await images.get("0" * 64)
    listed = [one["path"] async for batch in obstore.list(images.store) for one in batch]
    assert listed == [f"{name[:2]}/{name[2:4]}/{name}"]
    await obstore.delete_async(images.store, listed[0])
    assert not await images.has(name)
    assert await images.put(picture) == name


async def test_those_older_than_a_time_are_listed_and_removed(images: ObstoreImages) -> None:
    names = sorted([await images.put(f"picture {number}".encode()) for number in range(5)])
    soon = datetime.now(UTC) + timedelta(minutes=1)
    assert set(names) <= set(await images.older(soon, 1, 0))
    assert await images.older(soon - timedelta(days=1), 1, 0) == []
    assert await images.remove(names) == 5
    assert [await images.has(name) for name in names] == [False] * 5


async def test_a_picture_changed_in_the_store_counts_as_not_kept(images: ObstoreImages) -> None:
    name = await images.put(b"as it was")
    await obstore.put_async(images.store, f"{name[:2]}/{name[2:4]}/{name}", b"changed")
    with pytest.raises(NoSuchImageError, match="no longer the same"):
        await images.get(name)


async def test_wrong_keys_are_told_in_words(
    images: ObstoreImages, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = await images.put(b"there")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    refused = ObstoreImages.at("s3://pictures", Path("unused"))
    for work in (refused.put(b"x"), refused.get(name), refused.has(name)):
        with pytest.raises(PicturesAwayError, match="refuses the keys; mend AWS_ACCESS_KEY_ID"):
            await work
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    stranger = ObstoreImages.at("s3://pictures", Path("unused"))
    with pytest.raises(PicturesAwayError, match="refuses the keys"):
        await stranger.put(b"x")


async def test_a_server_that_is_away_is_an_outage_and_taken_up_again(
    images: ObstoreImages, server: S3Server
) -> None:
    kept = await images.put(b"before")
    server.stop()
    for work in (images.put(b"meanwhile"), images.get(kept)):
        with pytest.raises(ConnectionError, match=r"the object store cannot be used: .*HTTP error"):
            await work
    server.start()
    name = await images.put(b"meanwhile")  # the same batch, tried again
    assert await images.get(name) == b"meanwhile"
    assert await images.get(kept) == b"before"


def test_an_address_that_is_none_is_told() -> None:
    with pytest.raises(ValueError, match="write an address such as s3://bucket"):
        ObstoreImages.at("s4://pictures", Path("unused"))

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from morina.desk import picture_worker, pictures
from morina.desk.pictures import PictureCheck, RefusedPictureError, WrongTypeError, media_type


@pytest.fixture
async def check() -> AsyncIterator[PictureCheck]:
    check = PictureCheck(most_pixels=10_000, workers=1)
    yield check
    await check.close()


def encoded(kind: str, size: tuple[int, int] = (90, 60), **saved: object) -> bytes:
    content = BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(content, kind, **saved)
    return content.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_whole_picture_is_told_by_its_content(check: PictureCheck, kind: str) -> None:
    picture = await check.picture(encoded(kind))
    assert (picture.media_type, picture.width, picture.height) == (f"image/{kind.lower()}", 90, 60)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("missing", [2, 20, 200])
async def test_a_cut_picture_is_refused(check: PictureCheck, kind: str, missing: int) -> None:
    with pytest.raises(RefusedPictureError, match="to its end"):
        await check.picture(encoded(kind)[:-missing])


async def test_a_picture_of_too_many_pixels_is_refused(check: PictureCheck) -> None:
    with pytest.raises(RefusedPictureError, match="200 x 51 pixels are more than 10000"):
        await check.picture(encoded("PNG", (200, 51)))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
async def test_a_moving_picture_is_refused(check: PictureCheck, kind: str) -> None:
    frames = [Image.effect_noise((90, 60), 60) for _ in range(2)]
    content = encoded(kind, save_all=True, append_images=frames)
    with pytest.raises(RefusedPictureError, match="moving"):
        await check.picture(content)


async def test_other_content_is_refused_whatever_it_is_called(check: PictureCheck) -> None:
    for content in (encoded("GIF"), b"<svg/>", b"%PDF"):
        with pytest.raises(WrongTypeError):
            await check.picture(content)
    with pytest.raises(RefusedPictureError, match="empty"):
        await check.picture(b"")


@given(st.binary(max_size=20))
def test_only_three_media_types_are_ever_given(content: bytes) -> None:
    assert media_type(content) in (None, "image/jpeg", "image/png", "image/webp")


async def test_a_worker_that_dawdles_or_dies_is_replaced(
    check: PictureCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as impatient:
        impatient.setattr(pictures, "DECODE_S", 0.0)
        with pytest.raises(RefusedPictureError, match="cannot be decoded"):
            await check.picture(encoded("JPEG"))
    assert (await check.picture(encoded("JPEG"))).width == 90

    [worker] = check._idle
    worker.kill()
    await worker.wait()
    assert (await check.picture(encoded("JPEG"))).width == 90


async def test_a_caller_who_gives_up_leaves_no_worker_mid_picture(check: PictureCheck) -> None:
    asked = asyncio.ensure_future(check.picture(encoded("JPEG")))
    await asyncio.sleep(0)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert (await check.picture(encoded("PNG"))).media_type == "image/png"


def test_what_the_decoder_cannot_make_out_is_refused_with_a_mend() -> None:
    verdict = picture_worker.judge(b"x", 10_000)
    assert verdict["refused"] and verdict["mend"]

"""Making who knocks a camera of this node."""

from uuid import UUID

from morina.desk.services import Services
from morina.sense.cameras import Camera
from morina.sense.cameras.pushing import Knock, NoSuchKnockError, PushingCamera


async def adopt(
    services: Services, knock_id: UUID, camera: Camera, time_zone: str, maker: str = ""
) -> str:
    """Put up ``camera`` and let who knocked push as it; the secret to type into it.

    Empty when it goes on with the secret it knocked with. ``maker`` is the one guessed unless
    given. NoSuchKnockError; ValueError for an unknown time zone or maker.
    """
    knock = await _knock(services, knock_id)
    maker = maker or knock.maker
    if maker not in services.receiving.makers:
        raise ValueError(f"maker {maker!r} is unknown; choose one")
    pushing = PushingCamera(
        camera_id=camera.camera_id,
        maker=maker,
        time_zone=time_zone,
        device_keys=knock.camera_key,
    )
    await services.cameras.put(camera)
    return await services.pushing.adopt(knock_id, pushing)


async def _knock(services: Services, knock_id: UUID) -> Knock:
    for knock in await services.pushing.knocks():
        if knock.knock_id == knock_id:
            return knock
    raise NoSuchKnockError("nobody knocks under that id any more; look at the page again")


def push_path(secret: str) -> str:
    """What a camera is told to push to, after the node's own address."""
    return f"/push/{secret}/"

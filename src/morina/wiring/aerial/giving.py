"""What `morina aerial give` does: takes a flight's tracks out as a file, as one officer."""

from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from morina.settings import Settings
from morina.wiring.node_client import node_client
from morina.wiring.refused import RefusedError


async def give_tracks(
    settings: Settings, token: Path | None, of: tuple[UUID, Path], sent: Mapping[str, object]
) -> None:
    """Write the tracks of a flight into a new file; ``sent`` is form and purpose. RefusedError."""
    sortie_id, file = of
    if file.exists():
        raise RefusedError(f"{file} is there already; name a new file")
    part = file.with_name(f".{file.name}.part")
    try:
        async with node_client(settings, token) as client:
            await client.download(f"/aerial/sorties/{sortie_id}/given", sent, part)
        part.rename(file)
    except OSError as error:
        raise RefusedError(f"{file}: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)
    print(f"{file}: {file.stat().st_size} bytes")

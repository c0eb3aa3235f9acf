"""Where a node and its workers keep pictures."""

from morina.engines import EngineError
from morina.records.adapters.obstore import ObstoreImages
from morina.settings import Settings


def pictures_of(settings: Settings) -> ObstoreImages:
    """The image store the settings name, by default a folder at home; EngineError."""
    try:
        return ObstoreImages.at(settings.engines.images_url, settings.home / "images")
    except ValueError as error:
        raise EngineError(f"engines.images_url: {error}") from None

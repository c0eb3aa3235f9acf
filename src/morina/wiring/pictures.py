"""Where a node and its workers keep pictures."""

from pathlib import Path

from morina.engines import EngineError
from morina.records.adapters.obstore import ObstoreImages
from morina.settings import Settings

ATTACHMENTS = "attachments"
"""Folder at home."""


def pictures_of(settings: Settings) -> ObstoreImages:
    """The image store the settings name, by default a folder at home; EngineError."""
    return _store(settings.engines.images_url, settings.home / "images")


def attachments_of(settings: Settings) -> ObstoreImages:
    """Where files of joint operations are, apart from pictures of passages; EngineError."""
    url = settings.engines.images_url
    store = f"{url.rstrip('/')}/attachments" if url else ""
    return _store(store, settings.home / ATTACHMENTS)


def may_have_attachments(settings: Settings) -> bool:
    """Whether files of joint operations may be kept here, or were."""
    return bool(settings.exchange.node_id) or (settings.home / ATTACHMENTS).exists()


def _store(url: str, folder: Path) -> ObstoreImages:
    try:
        return ObstoreImages.at(url, folder)
    except ValueError as error:
        raise EngineError(f"engines.images_url: {error}") from None

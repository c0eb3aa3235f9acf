"""Where sorties are kept: PostgreSQL and a folder of the home."""

from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_consultations import PostgresConsultations
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.sense.aerial.adapters.postgres_sorties import PostgresSorties, SortieParts
from morina.sense.aerial.adapters.postgres_sorties_forgetting import SortieForgetting
from morina.sense.aerial.adapters.postgres_sorties_looked import PostgresLooked
from morina.sense.aerial.adapters.reviews_forgetting import ReviewsForgetting
from morina.sense.aerial.adapters.sortie_folder import SortieFolder
from morina.sense.aerial.adapters.video_pictures import VideoPictures
from morina.sense.aerial.ground import Ground
from morina.settings import Settings
from morina.wiring.aerial.telling import Telling

FOLDER = "sorties"
"""In the home."""


def folder_of(settings: Settings) -> SortieFolder:
    """The folder of videos and telemetry."""
    leave = settings.engines.min_free_bytes
    return SortieFolder(settings.home / FOLDER, settings.aerial.file_bytes, leave)


def forgetting_of_sorties(settings: Settings, pool: AsyncConnectionPool) -> SortieForgetting:
    """What forgets sorties on time."""
    return SortieForgetting(pool, PostgresTrail(), folder_of(settings), (ReviewsForgetting(),))


def sorties_of(
    settings: Settings, pool: AsyncConnectionPool, ground: Ground, pictures: VideoPictures
) -> PostgresSorties:
    """The role Sorties of a node; ``pictures`` are closed by the caller."""
    parts = SortieParts(
        files=folder_of(settings),
        read=Telling(settings),
        pictures=pictures,
        looked=PostgresLooked(pool, PostgresConsultations(pool), ground),
        forgetting=forgetting_of_sorties(settings, pool),
        keep_days=settings.aerial.keep_days,
    )
    return PostgresSorties(pool, PostgresTrail(), parts)

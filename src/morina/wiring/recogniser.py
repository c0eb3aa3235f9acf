"""What reads plates in pictures. Apart from the workers, so that reading a file loads no engine."""

from collections.abc import Sequence

from morina.sense.recogniser.fitting import PictureSizes
from morina.sense.recogniser.reading import Recogniser
from morina.settings import Reading, Settings, SettingsError


def recogniser(chosen: Reading | None = None, countries: Sequence[str] = ()) -> Recogniser:
    """What reads plates in pictures, as ``chosen`` (the defaults when None); only it is imported.

    ``countries`` (ISO alpha-2) are expected instead of those chosen. Raises SettingsError when the
    recogniser is not installed or a file of it is missing.
    """
    chosen = chosen or Reading()
    countries = countries or chosen.countries
    if chosen.recogniser == "own":
        from morina.sense.recogniser.adapters.own import OwnRecogniser

        return OwnRecogniser(chosen.threads, countries)
    if chosen.recogniser == "fast-alpr":
        return _fast_alpr(chosen, countries)
    from morina.sense.recogniser.adapters.rapidocr import RapidOcrRecogniser

    return RapidOcrRecogniser(chosen.threads, countries)


def sizes_of(settings: Settings) -> PictureSizes:
    """How large the pictures may be that readers encode."""
    images = settings.images
    return PictureSizes(overview_bytes=images.overview_bytes, patch_bytes=images.patch_bytes)


def _fast_alpr(chosen: Reading, countries: Sequence[str]) -> Recogniser:
    try:
        from morina.sense.recogniser.adapters.fast_alpr import FastAlprRecogniser, Weights
    except ModuleNotFoundError as error:
        raise SettingsError(
            "reading.recogniser is fast-alpr, which is not installed; "
            "run: pip install 'morina[fast-alpr]'"
        ) from error
    files = (chosen.fast_alpr_finder, chosen.fast_alpr_reader, chosen.fast_alpr_reader_config)
    try:
        return FastAlprRecogniser(Weights(*filter(None, files)), chosen.threads, countries)
    except FileNotFoundError as error:
        raise SettingsError(f"reading.fast_alpr_*: {error}") from error

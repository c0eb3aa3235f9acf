"""What had to be assumed while a payload was decoded."""

from collections.abc import Callable, Collection
from typing import ParamSpec, TypeVar

from morina.sense.cameras.reports import ImageKind, PayloadError, SentImage, Setup
from morina.sense.cameras.wire.confidences import confidence_of, shown
from morina.sense.cameras.wire.images import base64_of, sent
from morina.sense.cameras.wire.texts import UNREAD, plain, plate_text
from morina.sense.cameras.wire.times import ZoneNeededError

P = ParamSpec("P")
T = TypeVar("T")


class Doubts(list[str]):
    """Words for a technician, collected along the way; a read is not lost for a lesser field."""

    def unless(self, take: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """What ``take`` gives; None, with its error noted, where it raises PayloadError.

        ZoneNeededError is not a lesser field's and goes on.
        """
        try:
            return take(*args, **kwargs)
        except ZoneNeededError:
            raise
        except PayloadError as error:
            self.append(str(error))
            return None

    def plate(self, raw: str, unread: Collection[str] = ()) -> str | None:
        """``plate_text``, with a note where the text is no plate and no word for unread either."""
        text = plate_text(raw, unread)
        if text is None and plain(raw) not in UNREAD | {plain(one) for one in unread}:
            self.append(f"plate text {raw[:32]!r} is no plate; taken as unread")
        return text

    def confidence(self, said: object, setup: Setup, documented: float) -> float | None:
        """``confidence_of`` on the scale set for the camera, else the one its maker documents.

        Notes a value out of scale, and a fraction below 1 on a greater scale.
        """
        scale = setup.confidence_scale or documented
        value = self.unless(confidence_of, said, scale)
        if value is not None and scale > 1.0 and 0.0 < value * scale < 1.0:
            self.append(
                f"confidence {shown(said)} taken as of {scale:g}; "
                "set the camera's confidence scale to 1 if it sends 0 to 1"
            )
        return value

    def image(self, kind: ImageKind, name: str, text: object) -> tuple[SentImage, ...]:
        """The image in base64 ``text``; none, with a note where it is damaged, if it holds none."""
        if not isinstance(text, str):
            return ()
        return sent(kind, name, self.unless(base64_of, text))

"""What one reader, a camera or Morina, made of a passage's plate."""

from dataclasses import dataclass

from morina.plates import NotAPlateError, plate_text

MORINA = "morina"
LONGEST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One reader's word: ``by`` is the camera's maker, or ``morina``.

    ``text`` is None where it read nothing. It need not be the text of a plate we know:
    a script of its own is kept as sent. ``country`` is ISO 3166-1 alpha-2 (XK for Kosovo), None
    when not said. ``confidence`` is the reader's own, 0 to 1, None when not said; only Morina's is
    measured against photographs. ``candidates`` are further texts it thought of, as sent.
    """

    by: str
    text: str | None
    country: str | None = None
    confidence: float | None = None
    candidates: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.text is not None and not (
            0 < len(self.text) <= LONGEST and self.text.isprintable()
        ):
            raise ValueError(f"text {self.text[:LONGEST]!r} is empty, too long or not printable")
        if self.confidence is not None and not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"confidence {self.confidence} is not between 0 and 1")

    @classmethod
    def of(
        cls, by: str, raw: str | None, country: str | None = None, confidence: float | None = None
    ) -> "Said":
        """A word whose text is brought to a plate's plain form, or cut to what can be kept."""
        return cls(by=by, text=_text(raw or ""), country=country, confidence=confidence)

    def differs(self, other: "Said") -> bool:
        """Whether both read a text and not the same one."""
        return None not in (self.text, other.text) and self.text != other.text


def _text(raw: str) -> str | None:
    try:
        return plate_text(raw)
    except NotAPlateError:
        kept = "".join(character for character in raw.strip() if character.isprintable())
        return kept[:LONGEST] or None

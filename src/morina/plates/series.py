"""The series of plates countries issue, as grammars over plate text.

Facts from the sources named in ``anpr-operations.md`` section 1.8 of the project's reference: the
British issue guide INF104 and drivearchive.co.uk, kennzeichen-guide.de, francoplaque, and the
encyclopaedia pages on vehicle registration plates of each country; the Spanish from
surinenglish.com ("number plates no vowels", 30 August 2022).
"""

import re
from dataclasses import dataclass

OCCASIONAL = 0.1
"""Weight of a series rarely met on today's roads."""

_MK_TOWNS = (
    "BE|BT|DB|DE|DH|GE|GV|KA|KI|KO|KP|KR|KS|KU|MB|MK|NE|"
    "OH|PE|PP|PS|RA|RE|SK|SN|SR|ST|SU|TE|VA|VE|VI|VV"
)
_ME_TOWNS = "AN|BA|BD|BP|BR|CT|DG|GS|HN|KL|KO|MK|NK|PG|PL|PT|PŽ|PZ|PV|RO|ŠN|SN|TV|TZ|UL|ZT|ŽB|ZB"
_RO_COUNTIES = (
    "AB|AR|AG|BC|BH|BN|BR|BT|BV|BZ|CJ|CL|CS|CT|CV|DB|DJ|GJ|GL|GR|HD|HR|IF|IL|IS|MH|MM|MS|"
    "NT|OT|PH|SB|SJ|SM|SV|TL|TM|TR|VL|VN|VS"
)


@dataclass(frozen=True, slots=True)
class Series:
    """One series of one country (ISO alpha-2).

    ``strict`` is a pattern of what is documented as issued; ``shape`` a wider one where letter
    rules or the list of codes may be incomplete, empty when there is none. Both are over plate text
    without separators. ``weight`` is how common the series is beside others, ``telling`` how far
    fitting it tells the country (low where much else fits too), both 0 to 1.
    """

    country: str
    name: str
    strict: str
    shape: str = ""
    weight: float = 1.0
    telling: float = 1.0

    def fits(self, text: str) -> bool:
        """Whether ``text`` is documented as issued."""
        return re.fullmatch(self.strict, text) is not None

    def resembles(self, text: str) -> bool:
        """Whether ``text`` has at least the shape of the series."""
        return self.fits(text) or bool(self.shape and re.fullmatch(self.shape, text))


ALL_SERIES = (
    Series("GB", "current (2001-)", r"[A-HJ-PR-Y]{2}(0[1-9]|[1-7]\d)[A-HJ-PR-Z]{3}"),
    Series("GB", "current with Z, as seen on the road",
           r"[A-HJ-PR-Y]Z(0[1-9]|[1-7]\d)[A-HJ-PR-Z]{3}", weight=OCCASIONAL),
    Series("GB", "prefix (1983-2001)", r"[A-HJ-NPR-TV-Y][1-9]\d{0,2}[A-HJ-PR-Y]{3}"),
    Series("GB", "age unknown", r"Q[1-9]\d{0,2}[A-HJ-PR-Y]{3}", weight=OCCASIONAL),
    Series("GB", "suffix (1963-1983)", r"[A-HJ-PR-Y]{3}[1-9]\d{0,2}[A-HJ-NPR-TV-Y]",
           weight=OCCASIONAL),
    Series("GB", "dateless", r"[A-Z]{1,3}[1-9]\d{0,2}|[A-Z]{1,2}[1-9]\d{3}|"
           r"[1-9]\d{0,2}[A-Z]{1,3}|[1-9]\d{3}[A-Z]{1,2}", weight=OCCASIONAL),
    Series("GB", "Northern Ireland", r"(?=[A-Z]*[IZ])[A-Z]{2,3}[1-9]\d{0,3}", weight=OCCASIONAL),
    Series("GB", "diplomatic", r"\d{3}[DX]\d{3}", weight=OCCASIONAL),
    Series("AL", "standard (2011-)", r"[A-Z]{2}\d{3}[A-Z]{2}"),
    Series("AL", "motorcycle", r"[A-Z]{2}\d{3}", weight=OCCASIONAL),
    Series("AL", "trailer", r"[A-Z]{2}R\d{3}", weight=OCCASIONAL),
    Series("AL", "taxi", r"[A-Z]{2}\d{3}T", weight=OCCASIONAL),
    Series("AL", "1993-2011", r"[A-Z]{2}\d{4}[A-NPR-Z]", weight=OCCASIONAL),
    Series("XK", "standard (2010-)", r"0[1-7][1-9]\d{2}[A-Q]{2}", r"\d{5}[A-Z]{2}"),
    Series("XK", "UNMIK (1999-2010)", r"\d{3}KS\d{3}", weight=OCCASIONAL),
    Series("MK", "standard (2012-)", rf"({_MK_TOWNS})\d{{4}}[A-Z]{{2}}", r"[A-Z]{2}\d{4}[A-Z]{2}"),
    Series("MK", "1995-2012", r"[A-Z]{2}\d{3}[A-Z]{2}", weight=OCCASIONAL),
    Series("ME", "standard (2008-)", rf"({_ME_TOWNS})[A-HJ-NPR-VZ]{{2}}\d{{3}}",
           r"[A-ZŠŽ]{2}[A-Z]{2}\d{3}"),
    Series("RS", "standard (2011-)", r"[A-ZČĆŠŽĐ]{2}\d{3,4}[A-ZČĆŠŽĐ]{2}"),
    Series("GR", "car", r"[ABEZHIKMNOPTYX]{3}[1-9]\d{3}"),
    Series("IT", "car (1994-)", r"[A-HJ-NPR-TV-Z]{2}\d{3}[A-HJ-NPR-TV-Z]{2}"),
    Series("DE", "standard", r"(?=.{3,8}$)[A-ZÄÖÜ]{1,3}[A-Z]{1,2}[1-9]\d{0,3}[EH]?",
           telling=0.2),
    Series("BG", "standard", r"[ABEKMHOPCTYX]{1,2}\d{4}[ABEKMHOPCTYX]{2}"),
    Series("RO", "standard", rf"(B\d{{2,3}}|({_RO_COUNTIES})\d{{2,3}})[A-HJ-NPR-Z][A-PR-Z]{{2}}",
           r"(B\d{2,3}|[A-Z]{2}\d{2,3})[A-Z]{3}"),
    Series("HR", "standard", r"[A-ZČŠŽ]{2}\d{3,4}[A-PR-VZ]{1,2}"),
    Series("ES", "standard (2000-)", r"\d{4}[BCDFGHJ-NPRSTV-Z]{3}"),
    Series("TR", "standard", r"(0[1-9]|[1-7]\d|8[01])[A-PR-VYZ]{1,3}\d{2,5}", telling=0.5),
    Series("FR", "SIV (2009-)", r"(?!SS|WW)[A-HJ-NP-TV-Z]{2}\d{3}(?!SS)[A-HJ-NP-TV-Z]{2}"),
)  # fmt: skip
"""Every series known to Morina. Kosovo's are the only ones no other country's text fits."""

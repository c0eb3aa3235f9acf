"""Series of countries farther from this border, for a reader that sees which country it may be.

Their texts are too much alike to tell a country by text alone, so they are no part of
``ALL_SERIES``. Written from memory and not checked against a source: they only weigh what a reader
saw. Held against the labelled photographs the reader is trained on, two thirds to all of a
country's texts fit; the others are mostly diplomatic, temporary, older or personal plates.
"""

from morina.plates.series import Series

_NL = "[BDFGHJ-NPRSTVWXZ]"
_SI_TOWNS = "CE|GO|KK|KP|KR|LJ|MB|MS|NM|PO|SG"
_CH_CANTONS = "AG|AI|AR|BE|BL|BS|FR|GE|GL|GR|JU|LU|NE|NW|OW|SG|SH|SO|SZ|TG|TI|UR|VD|VS|ZG|ZH"
_IE_COUNTIES = "C|CE|CN|CW|D|DL|G|KE|KK|KY|L|LD|LH|LK|LM|LS|MH|MN|MO|OY|RN|SO|T|TN|TS|W|WD|WH|WW|WX"

NEIGHBOURS = (
    Series("AT", "standard (1990-)", r"[A-Z]{1,2}\d{1,5}[A-Z]{1,3}", weight=0.7),
    Series("BA", "standard", r"[AEJKMOT]\d{2}[AEJKMOT]\d{3}|\d{3}[AEJKMOT]\d{3}"),
    Series("BE", "standard", r"[1-9][A-Z]{3}\d{3}|[A-Z]{3}\d{3}|\d{3}[A-Z]{3}"),
    Series("CH", "standard", rf"({_CH_CANTONS})\d{{1,6}}"),
    Series("CY", "standard", r"[A-Z]{3}\d{3}"),
    Series("CZ", "standard (2001-)", r"\d[A-Z][0-9A-Z]\d{4}"),
    Series("CZ", "1960-2001", r"[A-Z]{2,3}\d{4}", weight=0.2),
    Series("DK", "standard", r"[A-Z]{2}\d{5}"),
    Series("EE", "standard", r"\d{3}[A-Z]{3}"),
    Series("ES", "provincial (1971-2000)", r"[A-Z]{1,2}\d{4}[A-Z]{1,2}", weight=0.5),
    Series("FI", "standard", r"[A-ZÄÖ]{2,3}\d{1,3}"),
    Series("FR", "departmental (1950-2009)", r"\d{1,4}[A-Z]{2,3}(\d{2}|2[AB]|97\d)"),
    Series("HU", "standard", r"[A-Z]{3,4}\d{3}"),
    Series("IE", "standard (1987-)", rf"\d{{2}}[12]?({_IE_COUNTIES})\d{{1,6}}"),
    Series("LT", "standard", r"[A-Z]{3}\d{3}"),
    Series("LU", "standard", r"[A-Z]{1,2}\d{3,4}|\d{4,5}", weight=0.5),
    Series("LV", "standard", r"[A-Z]{2}\d{1,4}"),
    Series("MT", "standard", r"[A-Z]{3}\d{3}"),
    Series("NL", "three groups", rf"{_NL}{{2}}\d{{4}}|\d{{4}}{_NL}{{2}}|\d{{2}}{_NL}{{2}}\d{{2}}|"
           r"[A-Z]{2}\d{2}[A-Z]{2}|[A-Z]{4}\d{2}|\d{2}[A-Z]{4}|\d{2}[A-Z]{3}\d|\d[A-Z]{3}\d{2}|"
           r"[A-Z]{2}\d{3}[A-Z]|[A-Z]\d{3}[A-Z]{2}"),
    Series("NO", "standard", r"[A-Z]{2}\d{5}"),
    Series("PL", "standard (2000-)", r"[A-Z]{2,3}(\d{5}|\d{4}[A-Z]?|\d{3}[A-Z]{2}|\d[A-Z]\d{2,3}|"
           r"\d{2}[A-Z]\d{1,2}|[A-Z]\d{3}|\d{2}[A-Z]{2})", weight=0.7),
    Series("PT", "standard", r"\d{4}[A-Z]{2}|\d{2}[A-Z]{2}\d{2}|[A-Z]{2}\d{4}|"
           r"[A-Z]{2}\d{2}[A-Z]{2}"),
    Series("SE", "standard", r"[A-Z]{3}\d{2}[0-9A-Z]"),
    Series("SI", "standard", rf"({_SI_TOWNS})([A-Z]{{2}}\d{{3}}|\d{{2}}[0-9A-Z]{{3}}|"
           r"[A-Z]\d[0-9A-Z]{3}|[0-9A-Z]{2}\d{2}[A-Z])"),
    Series("SK", "standard", r"[A-Z]{2}\d{3}[A-Z]{2}"),
    Series("UA", "standard", r"[ABCEHIKMOPTX]{2}\d{4}[ABCEHIKMOPTX]{2}"),
)  # fmt: skip

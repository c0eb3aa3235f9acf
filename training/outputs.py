"""What goes into the reader and what comes out of it: sizes, classes, countries."""

HEIGHT, WIDTH = 40, 160
ROWS, COLUMNS = 2, 40
"""Places on the crop where a character may be found; read row by row."""

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZČĆŠŽĐÄÖÜ"
BLANK = 0
"""Class of "no character here"; character ``i`` of ``ALPHABET`` is class ``i + 1``."""

COUNTRIES = (
    *("", "GB", "AL", "XK", "MK", "ME", "RS", "BA", "HR", "GR", "BG", "RO", "IT", "DE", "AT", "SI"),
    *("FR", "ES", "NL", "PL", "CZ", "SK", "IE", "BE", "CH", "SE", "DK", "NO", "FI", "HU", "PT"),
    *("LT", "LV", "EE", "LU", "MT", "CY", "TR"),
)
"""ISO 3166-1 alpha-2 (XK for Kosovo); the first, empty, is any other country."""

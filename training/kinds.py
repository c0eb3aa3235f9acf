"""Kinds of plates to make up: the layouts of each country, and what each is drawn in.

A pattern is a line of plate text: ``L`` a letter, ``D`` a digit, ``E`` either, ``X`` a district or
town, a blank a gap, ``-`` a dash, ``o`` a seal, ``v`` a shield, ``c`` a cartouche; ``/`` begins a
second line. Everything else stands for itself, in lower case where it would be one of the above.
"""

from dataclasses import dataclass

from morina.demo.designs import BANDS, BLACK, BLUE, RED, WHITE, YELLOW, Band, Colour
from morina.demo.lettering import Lettering

ALL = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
EU = "stars"


@dataclass(frozen=True, slots=True)
class Kind:
    """Plates of one country (empty: none) that look alike; ``share`` is how often to draw them."""

    country: str
    patterns: tuple[str, ...]
    share: float = 1.0
    letters: str = ALL
    districts: tuple[str, ...] = ()
    bands: tuple[Band | None, ...] = (None,)
    right: Band | None = None
    grounds: tuple[Colour, ...] = (WHITE,)
    ink: Colour = BLACK
    lettering: Lettering = Lettering.DIN
    border: bool = True


def _sign(sign: str, mark: str = EU) -> tuple[Band | None, ...]:
    return (Band(sign=sign, mark=mark), Band(sign=sign, mark=mark, width_mm=36), None)


_GB_BANDS = (
    BANDS["GB"]["UK"],
    BANDS["GB"]["GB"],
    Band(sign="GB", mark="union", width_mm=40),
    BANDS["GB"]["flash"],
    None,
    None,
    None,
)
_GB = ALL.replace("I", "").replace("Q", "")
_GREEK, _BULGARIAN, _BOSNIAN = "ABEZHIKMNOPTYX", "ABEKMHOPCTYX", "AEJKMOT"
_NO_VOWELS = "BCDFGHJKLMNPRSTVWXYZ"
_SLOVENE = ("LJ", "MB", "KP", "CE", "KR", "NM", "MS", "GO", "SG", "PO", "KK")
_AUSTRIAN = ("W", "G", "L", "S", "I", "K", "SZ", "WN", "MD", "BL", "FK", "VB", "GU", "WU", "KO")
_GERMAN = (
    *("B", "M", "K", "F", "S", "H", "HH", "HB", "KA", "MA", "WÜ", "LÖ", "TÜ", "FÜ", "GÖ", "DÜW"),
    *("MTK", "LEV", "KS", "WI", "DA", "OF", "AÖ", "N", "E", "D", "DO", "BN", "AC", "MZ", "SÜW"),
)
_ROMANIAN = (
    *("B", "CJ", "CT", "DJ", "IS", "SB", "SV", "TM", "AB", "AG", "BC", "BH", "BN", "BR", "BV"),
    *("IF", "MM", "MS", "NT", "OT", "PH", "SM", "TR", "VL", "VN", "GL", "GR", "HD", "DB", "CS"),
)
_MACEDONIAN = ("SK", "BT", "GV", "KU", "OH", "PP", "ST", "TE", "VE", "GE", "DB", "KI", "SR", "VV")
_MONTENEGRIN = ("PG", "BA", "BR", "CT", "HN", "KO", "NK", "PV", "TV", "UL", "PŽ", "ŠN", "ŽB", "BD")
_SERBIAN = (
    "BG",
    "KG",
    "LE",
    "NI",
    "NP",
    "NS",
    "SU",
    "VR",
    "ŠA",
    "ČA",
    "KŠ",
    "ZR",
    "PA",
    "ĐA",
    "ŽA",
)
_CROATIAN = ("ZG", "DU", "KA", "OS", "PU", "RI", "ST", "ZD", "ČK", "ŠI", "VŽ", "KŽ", "ŽU", "SB")
_SLOVAK = ("BA", "BL", "KE", "NR", "ZA", "TN", "TT", "PO", "BB", "MT", "PB", "LM")

KINDS: tuple[Kind, ...] = (
    Kind("GB", ("LLDD LLL",) * 8 + ("LLDD/LLL", "LLDD/LLL"), 13, _GB, bands=_GB_BANDS,
         grounds=(WHITE, YELLOW), lettering=Lettering.BRITISH, border=False),
    Kind("GB", ("LD LLL", "LDD LLL", "LDDD LLL", "LDDD LLL", "LDDD/LLL", "LLL DDDL", "LLL DDL",
                "LL DDDD", "LIL DDDD", "LLZ DDDD", "DDDD LL", "D LLL", "LLL DDD", "L D", "LL DD",
                "DDD LLL", "LLL/DDDL", "L DDD", "LLL 111",
                "L11 LLL", "LL11 LLL", "L111 LLL", "LLL D11"), 5,
         _GB + "I", bands=_GB_BANDS, grounds=(WHITE, YELLOW), lettering=Lettering.BRITISH,
         border=False),
    Kind("GB", ("LLL DDDL", "LLL DDD", "LL DDDD", "LLL/DDDL"), 1, _GB, grounds=((22, 20, 20),),
         ink=(205, 205, 200), lettering=Lettering.BRITISH, border=False),
    Kind("AL", ("LL DDD LL",) * 6 + ("LL DDD/LL", "LL/DDD LL", "LL DDDD L", "LL DDD", "LLR DDD",
                                    "LL DDD T"), 6,
         bands=_sign("AL", "eagle"), right=Band(), lettering=Lettering.PLATE),
    Kind("XK", ("0DoDDD-LL",) * 4 + ("0D DDD LL", "0DoDDD/LL", "DDD ks DDD"), 4, ALL[:17],
         bands=(Band(sign="RKS", sign_colour=(40, 195, 245)), Band(sign="RKS")),
         lettering=Lettering.PLATE),
    Kind("MK", ("XcDDDD-LL",) * 4 + ("XcDDD-LL", "X DDDD/LL", "X DDD-LL"), 4,
         districts=_MACEDONIAN, bands=(Band(sign="NMK"), Band(sign="MK"), Band(sign="MK"), None),
         lettering=Lettering.PLATE_NARROW),
    Kind("ME", ("XoLL DDD",) * 3 + ("X LL DDD", "Xo/LL DDD"), 3.5,
         districts=_MONTENEGRIN, bands=(Band(sign="MNE"), None), lettering=Lettering.PLATE),
    Kind("RS", ("XvDDD-LL",) * 3 + ("XvDDDD-LL", "Xv/DDDLL"), 3, districts=_SERBIAN,
         bands=(Band(sign="SRB"), None)),
    Kind("BA", ("LDD-L-DDD",) * 3 + ("DDD-L-DDD", "LDD/L DDD"), 2, _BOSNIAN,
         bands=(Band(sign="BIH"), None)),
    Kind("HR", ("XvDDD-LL", "XvDDDD-LL", "XvDDD-L", "XvDDDD-L", "Xv/DDDLL"), 2.5,
         districts=_CROATIAN, bands=_sign("HR")),
    Kind("GR", ("LLL-DDDD", "LLL-DDDD", "LLL/DDDD"), 2, _GREEK, bands=_sign("GR")),
    Kind("BG", ("LL DDDD LL", "L DDDD LL", "LL/DDDD LL"), 2, _BULGARIAN, bands=_sign("BG")),
    Kind("RO", ("X DD LLL",) * 4 + ("B DDD LLL", "B DDD LLL", "X DD/LLL"), 3, ALL.replace("Q", ""),
         districts=_ROMANIAN, bands=_sign("RO")),
    Kind("IT", ("LL DDDLL", "LL DDD LL", "LL/DDDLL"), 2.5, ALL.translate({73: "", 79: "", 81: ""}),
         bands=_sign("I"), right=Band(mark="disc")),
    Kind("DE", ("XoLL DDDD", "XoLL DDD", "XoL DDDD", "XoL DDD", "XoLL DD", "XoL DD", "XoLL DDE",
                "Xo/LL DDD", "Xo/L DDDD", "XoL DDDh", "Xo LL D"), 4,
         districts=_GERMAN, bands=_sign("D"), lettering=Lettering.PLATE),
    Kind("AT", ("XvDDDLL", "XvDDDDL", "XvDDLLL", "Xv/DDDLL"), 1.5, districts=_AUSTRIAN,
         bands=_sign("A")),
    Kind("SI", ("XvLL-DDD", "XvDD-DEE", "XvEE-DDE", "XvLD-DDD"), 1.5, districts=_SLOVENE,
         bands=_sign("SLO")),
    Kind("FR", ("LL-DDD-LL",) * 3 + ("LL-DDD/LL",), 2, bands=_sign("F"), right=Band(sign="69")),
    Kind("FR", ("DDDD LL DD", "DDD LLL DD", "DDD LL DD", "DDDD LL/DD"), 1, bands=_sign("F"),
         grounds=(WHITE, YELLOW)),
    Kind("ES", ("DDDD LLL",) * 3 + ("DDDD/LLL", "LL-DDDD-LL", "L-DDDD-LL", "L-DDDD-L"), 2,
         _NO_VOWELS, bands=_sign("E")),
    Kind("NL", ("LL-DD-DD", "DD-DD-LL", "DD-LL-DD", "LL-DD-LL", "LL-LL-DD", "DD-LL-LL", "DD-LLL-D",
                "D-LLL-DD", "LL-DDD-L", "L-DDD-LL", "LL-DD/LL", "DD-LL/LL"), 2, _NO_VOWELS,
         bands=_sign("NL"), grounds=(YELLOW,)),
    Kind("PL", ("LL DDDDD", "LLL DDLL", "LL DDDLL", "LLL LDDD", "LL DDDDL", "LLL DDDD", "LL/DDDDD"),
         2, bands=_sign("PL")),
    Kind("CZ", ("DLD DDDD", "DLD DDDD", "DLD/DDDD", "LLE DD-DD"), 1.5, bands=_sign("CZ")),
    Kind("SK", ("XvDDDLL", "XvDDDLL", "X/DDDLL"), 1.5, districts=_SLOVAK, bands=_sign("SK")),
    Kind("IE", ("DD-L-DDDD", "DDD-L-DDDD", "DD-LL-DDDD", "DD-L-DDDDD", "DDD-LL-DDD", "DD-L-D11",
                "DD-L-DDD"), 1.5,
         "DKLMGCSTWO", bands=_sign("IRL")),
    Kind("BE", ("D-LLL-DDD", "LLL-DDD", "D-LLL/DDD", "LLL/DDD"), 2, bands=_sign("B"), ink=RED),
    Kind("CH", ("LLvDDDDDD", "LLvDDDDD", "LLv/DDDDD"), 0.7),
    Kind("SE", ("LLL DDD", "LLL DDL"), 0.8, _NO_VOWELS + "AO", bands=_sign("S")),
    Kind("DK", ("LL DD DDD", "LL/DD DDD"), 0.8, bands=_sign("DK")),
    Kind("NO", ("LL DDDDD", "LL/DDDDD"), 0.7, bands=_sign("N", "")),
    Kind("FI", ("LLL-DDD", "LLL-DD"), 0.7, bands=_sign("FIN")),
    Kind("HU", ("LLL-DDD", "LL LL-DDD"), 0.8, bands=_sign("H")),
    Kind("PT", ("DD-LL-DD", "LL-DD-LL", "DD-DD-LL", "LL DD LL"), 0.8, bands=_sign("P")),
    Kind("LT", ("LLLvDDD", "LLL/DDD"), 0.6, bands=_sign("LT")),
    Kind("LV", ("LL-DDDD", "LL-DDD"), 0.6, bands=_sign("LV")),
    Kind("EE", ("DDD LLL",), 0.6, bands=_sign("EST")),
    Kind("LU", ("LL DDDD", "LLDDDD", "DDDDD"), 0.6, bands=_sign("L"), grounds=(YELLOW,)),
    Kind("MT", ("LLL DDD",), 0.4, bands=_sign("M")),
    Kind("CY", ("LLL DDD",), 0.4, bands=_sign("CY"), grounds=(YELLOW, WHITE)),
    Kind("TR", ("DD LLL DD", "DD LL DDD", "DD L DDDD", "DD LL DDDD", "DD/LL DDD"), 1,
         bands=_sign("TR", "")),
    Kind("", ("EEEEEEE", "EEE EEEE", "EE EE EE", "LL DDDD", "LLL-DDDD", "EEEEEE", "EE/EEEEE",
              "EEE/EEEE", "EEEEE", "EEE-EEE", "LLL DDDL", "DDDDDD", "E EEEE", "EEEE EEEE",
              "DDD LLL", "DLLL DDD", "LLLDLDD"), 9, ALL + "ČĆŠŽĐÄÖÜ",
         bands=(None, None, Band(mark=EU), Band(colour=BLUE, sign="EU")),
         grounds=(WHITE, WHITE, YELLOW, (120, 200, 160), (210, 180, 160), (60, 60, 200),
                  (90, 130, 40), (40, 36, 34))),
)  # fmt: skip

"""Countries as makers spell them: codes of two and three letters, signs on the plate, names."""

from collections.abc import Mapping
from types import MappingProxyType

from morina.plates import country_of_sign
from morina.sense.cameras.wire.texts import plain

ISO_3166 = """
    AD:AND AE:ARE AF:AFG AG:ATG AI:AIA AL:ALB AM:ARM AO:AGO AQ:ATA AR:ARG AS:ASM AT:AUT
    AU:AUS AW:ABW AX:ALA AZ:AZE BA:BIH BB:BRB BD:BGD BE:BEL BF:BFA BG:BGR BH:BHR BI:BDI
    BJ:BEN BL:BLM BM:BMU BN:BRN BO:BOL BQ:BES BR:BRA BS:BHS BT:BTN BV:BVT BW:BWA BY:BLR
    BZ:BLZ CA:CAN CC:CCK CD:COD CF:CAF CG:COG CH:CHE CI:CIV CK:COK CL:CHL CM:CMR CN:CHN
    CO:COL CR:CRI CU:CUB CV:CPV CW:CUW CX:CXR CY:CYP CZ:CZE DE:DEU DJ:DJI DK:DNK DM:DMA
    DO:DOM DZ:DZA EC:ECU EE:EST EG:EGY EH:ESH ER:ERI ES:ESP ET:ETH FI:FIN FJ:FJI FK:FLK
    FM:FSM FO:FRO FR:FRA GA:GAB GB:GBR GD:GRD GE:GEO GF:GUF GG:GGY GH:GHA GI:GIB GL:GRL
    GM:GMB GN:GIN GP:GLP GQ:GNQ GR:GRC GS:SGS GT:GTM GU:GUM GW:GNB GY:GUY HK:HKG HM:HMD
    HN:HND HR:HRV HT:HTI HU:HUN ID:IDN IE:IRL IL:ISR IM:IMN IN:IND IO:IOT IQ:IRQ IR:IRN
    IS:ISL IT:ITA JE:JEY JM:JAM JO:JOR JP:JPN KE:KEN KG:KGZ KH:KHM KI:KIR KM:COM KN:KNA
    KP:PRK KR:KOR KW:KWT KY:CYM KZ:KAZ LA:LAO LB:LBN LC:LCA LI:LIE LK:LKA LR:LBR LS:LSO
    LT:LTU LU:LUX LV:LVA LY:LBY MA:MAR MC:MCO MD:MDA ME:MNE MF:MAF MG:MDG MH:MHL MK:MKD
    ML:MLI MM:MMR MN:MNG MO:MAC MP:MNP MQ:MTQ MR:MRT MS:MSR MT:MLT MU:MUS MV:MDV MW:MWI
    MX:MEX MY:MYS MZ:MOZ NA:NAM NC:NCL NE:NER NF:NFK NG:NGA NI:NIC NL:NLD NO:NOR NP:NPL
    NR:NRU NU:NIU NZ:NZL OM:OMN PA:PAN PE:PER PF:PYF PG:PNG PH:PHL PK:PAK PL:POL PM:SPM
    PN:PCN PR:PRI PS:PSE PT:PRT PW:PLW PY:PRY QA:QAT RE:REU RO:ROU RS:SRB RU:RUS RW:RWA
    SA:SAU SB:SLB SC:SYC SD:SDN SE:SWE SG:SGP SH:SHN SI:SVN SJ:SJM SK:SVK SL:SLE SM:SMR
    SN:SEN SO:SOM SR:SUR SS:SSD ST:STP SV:SLV SX:SXM SY:SYR SZ:SWZ TC:TCA TD:TCD TF:ATF
    TG:TGO TH:THA TJ:TJK TK:TKL TL:TLS TM:TKM TN:TUN TO:TON TR:TUR TT:TTO TV:TUV TW:TWN
    TZ:TZA UA:UKR UG:UGA UM:UMI US:USA UY:URY UZ:UZB VA:VAT VC:VCT VE:VEN VG:VGB VI:VIR
    VN:VNM VU:VUT WF:WLF WS:WSM XK:XKX YE:YEM YT:MYT ZA:ZAF ZM:ZMB ZW:ZWE
"""
"""Alpha-2 and alpha-3 codes; XK and XKX, which ISO leaves to its users, are Kosovo."""

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "albania": "AL", "andorra": "AD", "armenia": "AM", "austria": "AT", "azerbaijan": "AZ",
        "belarus": "BY", "belgium": "BE", "bosnia": "BA", "bosniaandherzegovina": "BA",
        "bosniaherzegovina": "BA", "britain": "GB", "bulgaria": "BG", "croatia": "HR",
        "cyprus": "CY", "czechia": "CZ", "czechrepublic": "CZ", "denmark": "DK", "england": "GB",
        "estonia": "EE", "finland": "FI", "formeryugoslavrepublicofmacedonia": "MK",
        "france": "FR", "fyrom": "MK", "georgia": "GE", "germany": "DE", "greatbritain": "GB",
        "greece": "GR", "hungary": "HU", "iceland": "IS", "ireland": "IE", "italy": "IT",
        "kosova": "XK", "kosovo": "XK", "latvia": "LV", "liechtenstein": "LI", "lithuania": "LT",
        "luxembourg": "LU", "macedonia": "MK", "malta": "MT", "moldova": "MD", "monaco": "MC",
        "montenegro": "ME", "netherlands": "NL", "northernireland": "GB", "northmacedonia": "MK",
        "norway": "NO", "poland": "PL", "portugal": "PT", "republicofkosovo": "XK",
        "republicofnorthmacedonia": "MK", "romania": "RO", "russia": "RU",
        "russianfederation": "RU", "sanmarino": "SM", "scotland": "GB", "serbia": "RS",
        "slovakia": "SK", "slovenia": "SI", "spain": "ES", "sweden": "SE", "switzerland": "CH",
        "thenetherlands": "NL", "turkey": "TR", "turkiye": "TR", "ukraine": "UA",
        "unitedkingdom": "GB", "vatican": "VA", "wales": "GB",
    }
)  # fmt: skip
"""English names in plain form."""

FURTHER: Mapping[str, str] = MappingProxyType(
    {
        "BUL": "BG", "CRO": "HR", "DEN": "DK", "GER": "DE", "GRE": "GR", "KOS": "XK", "MCD": "MK",
        "NED": "NL", "POR": "PT", "ROM": "RO", "SUI": "CH", "XKK": "XK", "XKS": "XK",
    }
)  # fmt: skip
"""Codes of three letters in use that are not ISO's, nor a sign."""

NOT_SAID = frozenset({"", "NON", "NA", "N/A", "UNK", "UNKNOWN", "OTHER", "NONE", "NULL"})
"""NA is Namibia's code too; cameras on this continent write it for "not available"."""

_BY_ALPHA_3 = {pair[3:]: pair[:2] for pair in ISO_3166.split()}
_ALPHA_2 = frozenset(_BY_ALPHA_3.values())


def country_of(said: object) -> str | None:
    """``said`` as ISO 3166-1 alpha-2 (XK for Kosovo); None where it says none or is not known.

    Takes codes of two and three letters, signs on the plate and English names in any case. A
    number is a maker's own table and not known here. What two tables could claim goes by
    alpha-2, then alpha-3, then the sign.
    """
    if not isinstance(said, str) or len(said) > 64:
        return None
    code = said.strip().upper()
    if code in NOT_SAID:
        return None
    if code in _ALPHA_2:
        return code
    found = _BY_ALPHA_3.get(code) or country_of_sign(code) or FURTHER.get(code)
    return found or NAMES.get(plain(said).replace("\u00fc", "u"))

"""Words under which anybody could look for anything, in English and Albanian, accents off."""

_WORDS = """
a activities activity an and as at be business by case check checks checking crime criminal data
discussed duty enforcement enquiries enquiry file files for from general house in information
inquiries inquiry intel intelligence internal investigate investigating investigation
investigations is it law look lookup matter my na need needed none of official officer on ongoing
operation operational other our per plate plates please police policing purpose purposes reason
reasons request requested required record records research routine search searching security see
some suspect suspected suspicious task test testing the this to up use vehicle vehicles
verification verify was we with work asd asdf asdfgh qwe qwer qwerty zxc zxcv abc xxx bla blah
lorem ipsum

dhe e ne i te me per nga nje si ka eshte po se arsye arsyeve automjet automjete automjeti ceshtje
ceshtja detyra detyre dyshim dyshimte hetim hetime hetimi hetimor informacion informacione kerkese
kerkim kerkimi kontroll kontrolli operacion operativ policia police polici policise policore
proces provoj prove pune punes qellim qellime rast rasti rutine sherbim sherbimi sigurie siguri
targa targe vazhdim verifikim verifikimi zyrtar zyrtare
"""

EMPTY_WORDS = frozenset(_WORDS.split())

"""Numbers said as words: German, French, Italian, English, Spanish, up to 999; Chinese is in `chinese`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

MOST: Final = 999
LONGEST: Final = 6  #: words of one number

GERMAN: Final = [
    "null",
    "ein",
    "zwei",
    "drei",
    "vier",
    "funf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwolf",
    "dreizehn",
    "vierzehn",
    "funfzehn",
    "sechzehn",
    "siebzehn",
    "achtzehn",
    "neunzehn",
]
GERMAN_TENS: Final = [
    "_",
    "zehn",
    "zwanzig",
    "dreissig",
    "vierzig",
    "funfzig",
    "sechzig",
    "siebzig",
    "achtzig",
    "neunzig",
]
ENGLISH: Final = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
ENGLISH_TENS: Final = ["_", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
FRENCH: Final = [
    "zero",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
    "dixsept",
    "dixhuit",
    "dixneuf",
]
FRENCH_TENS: Final = ["_", "dix", "vingt", "trente", "quarante", "cinquante", "soixante"]
ITALIAN: Final = [
    "zero",
    "uno",
    "due",
    "tre",
    "quattro",
    "cinque",
    "sei",
    "sette",
    "otto",
    "nove",
    "dieci",
    "undici",
    "dodici",
    "tredici",
    "quattordici",
    "quindici",
    "sedici",
    "diciassette",
    "diciotto",
    "diciannove",
]
ITALIAN_TENS: Final = [
    "_",
    "dieci",
    "venti",
    "trenta",
    "quaranta",
    "cinquanta",
    "sessanta",
    "settanta",
    "ottanta",
    "novanta",
]
SPANISH: Final = [
    "cero",
    "uno",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
    "trece",
    "catorce",
    "quince",
    "dieciseis",
    "diecisiete",
    "dieciocho",
    "diecinueve",
]
SPANISH_TENS: Final = [
    "_",
    "diez",
    "veinte",
    "treinta",
    "cuarenta",
    "cincuenta",
    "sesenta",
    "setenta",
    "ochenta",
    "noventa",
]
SPANISH_HUNDREDS: Final = [
    "_",
    "ciento",
    "doscientos",
    "trescientos",
    "cuatrocientos",
    "quinientos",
    "seiscientos",
    "setecientos",
    "ochocientos",
    "novecientos",
]


@cache
def known() -> dict[str, int]:
    """Every number word without spaces and hyphens, folded as keys are: "siebenundzwanzig" -> 27."""
    found: dict[str, int] = {}
    for value in range(1, MOST + 1):
        for say in (_german, _english, _french, _italian, _spanish):
            for word in say(value):
                found.setdefault(word, value)
                found.setdefault(word.replace("funf", "fuenf").replace("zwolf", "zwoelf"), value)
    return found


@cache
def words() -> frozenset[str]:
    """Single words that a number may begin with."""
    lists = (
        GERMAN,
        GERMAN_TENS,
        ENGLISH,
        ENGLISH_TENS,
        FRENCH,
        FRENCH_TENS,
        ITALIAN,
        ITALIAN_TENS,
        SPANISH,
        SPANISH_TENS,
        SPANISH_HUNDREDS,
    )
    parts = {part for words in lists for part in words} | {
        "cent",
        "cento",
        "hundert",
        "zwo",
        "huitante",
        "octante",
        "septante",
        "nonante",
        "a",
        "cien",
    }
    return frozenset({*parts, "funf", "fuenf", "zwoelf", *known()})


def _german(value: int) -> Iterator[str]:
    hundreds, rest = divmod(value, 100)
    ends = list(_german_tens(rest)) if rest else [""]
    heads = [""] if hundreds == 0 else [f"{GERMAN[hundreds]}hundert"]
    heads += ["hundert"] if hundreds == 1 else []
    for head in heads:
        for end in ends:
            yield head + end
            if head and end:
                yield f"{head}und{end}"


def _german_tens(value: int) -> Iterator[str]:
    if value < 20:
        yield "eins" if value == 1 else GERMAN[value]
        if value in (1, 2):
            yield "ein" if value == 1 else "zwo"
        return
    tens, ones = divmod(value, 10)
    for one in ("zwei", "zwo") if ones == 2 else (GERMAN[ones],):
        yield f"{one}und{GERMAN_TENS[tens]}" if ones else GERMAN_TENS[tens]
        if tens == 3:
            yield f"{one}unddreizig" if ones else "dreizig"


def _english(value: int) -> Iterator[str]:
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    end = "" if not rest else ENGLISH[rest] if rest < 20 else ENGLISH_TENS[tens] + (ENGLISH[ones] if ones else "")
    if not hundreds:
        yield end
        return
    for head in (ENGLISH[hundreds], "a") if hundreds == 1 else (ENGLISH[hundreds],):
        yield f"{head}hundred{end}"
        if end:
            yield f"{head}hundredand{end}"
    if end and rest >= 10:
        yield ENGLISH[hundreds] + end  # one twenty for 120


def _french(value: int) -> Iterator[str]:
    hundreds, rest = divmod(value, 100)
    head = "" if not hundreds else "cent" if hundreds == 1 else f"{FRENCH[hundreds]}cent"
    for end in _french_tens(rest):
        yield head + end
        if hundreds > 1 and not end:
            yield f"{head}s"


def _french_tens(value: int) -> Iterator[str]:
    tens, ones = divmod(value, 10)
    if value < 20:
        yield FRENCH[value] if value else ""
    elif value < 70:
        yield FRENCH_TENS[tens] + ("" if not ones else "etun" if ones == 1 else FRENCH[ones])
    elif value < 80:
        yield "soixante" + ("etonze" if value == 71 else FRENCH[value - 60])
    else:
        yield "quatrevingts" if value == 80 else f"quatrevingt{FRENCH[value - 80]}"
        if value == 80:
            yield "quatrevingt"
    if value >= 70:
        for swiss in {7: ("septante",), 8: ("huitante", "octante"), 9: ("nonante",)}[tens]:
            yield swiss + ("" if not ones else "etun" if ones == 1 else FRENCH[ones])


def _italian(value: int) -> Iterator[str]:
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    head = "" if not hundreds else "cento" if hundreds == 1 else f"{ITALIAN[hundreds]}cento"
    if rest < 20:
        yield head + (ITALIAN[rest] if rest else "")
    else:
        stem = ITALIAN_TENS[tens][:-1] if ones in (1, 8) else ITALIAN_TENS[tens]
        yield head + stem + (ITALIAN[ones] if ones else "")


def _spanish(value: int) -> Iterator[str]:
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    head = "" if not hundreds else "cien" if value == 100 else SPANISH_HUNDREDS[hundreds]
    if rest < 20:
        yield head + (SPANISH[rest] if rest else "")
    elif tens == 2 and ones:
        yield f"{head}veinti{SPANISH[ones]}"
    else:
        yield head + SPANISH_TENS[tens] + (f"y{SPANISH[ones]}" if ones else "")

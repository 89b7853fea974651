"""In which of the usual ways a text is written down: UTF-8, UTF-16, GB18030 (mainland), Big5 (Taiwan, Hong Kong).

GB18030 and Big5 share most of their bytes, so that either decodes the other into nonsense. What tells them apart is
that both put common characters first: nonsense is full of rare ones. A text of a register is mostly place names, so
the characters of addresses weigh more.
"""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Final

SAMPLE: Final = 262_144
MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
LEVELS: Final = {"gb18030": (0xB0A1, 0xD7F9), "big5hkscs": (0xA440, 0xC67E)}  #: where the common ones stand
ADDRESSES: Final = frozenset(
    "的一是在不了有和人这這中大为為上个個国國我以要他时時来來用们們生到作地于於出就分对對成会會可主发發年动動同工也能下过過子说說产產种種面而方后後多定行学學法所民得经經十三之进進着等部度家电電力里如水化高自二理起小物现現实實加量都两兩体體制机機当當使点點从從业業本去把性好应應开開它合还還因由其些然前外天政四日那社义義事平形相全表间間样樣与與关關各重新线線内內数數正心反你明看原又么麼利比或但质質气氣第向道命此变變条條只没沒结結解问問意建月公无無系军軍很情者最立代想已通并提直题題程展五果料象员員位常文总總次品式活设設及管特件长長求老头頭基资資边邊流路级級少图圖山统統接知较較将將组組见見计計别別她手角期根论論运運农農指几幾九区區强強放决決西被干做必战戰先回则則任取据據处處队隊南给給色光门門即保治北造百规規热熱领領七海口东東导導器压壓志世金增争爭济濟阶階油思术術极極交受联聯什认認六共权權收证證改清己美再采採转轉更单單风風切打白教速花带帶安场場身车車例真务務具万萬每目至达達走积積示议議声聲报報斗鬥完类類八离離华華名确確才科张張信马馬节節话話米整空元况況今集温溫传傳土许許步群广廣石记記需段研界拉林律叫且究观觀越织織装裝"
    "街巷弄號号樓楼室幢栋棟單邨村鄰邻鄉乡鎮镇縣县市州省里里橋桥園园苑社區区庄莊屋井蓋盖燈灯站院店港湖河江溪灣湾東门"
)


def find_encoding(sample: bytes) -> str:
    """The encoding of a text by a part of it: utf-8, utf-8-sig, utf-16, gb18030, big5hkscs or cp1252."""
    for mark, name in MARKS:
        if sample.startswith(mark):
            return name
    if _decoded(sample, "utf-8") is not None or _mostly(sample, "utf-8"):
        return "utf-8"
    scored = [(_common(sample, name), name) for name in LEVELS]
    best, name = max(scored)
    return name if best > 0 else "cp1252"


def sampled(file: Path) -> bytes:
    """The first part of a file."""
    with file.open("rb") as stream:
        return stream.read(SAMPLE)


def knows(encoding: str) -> bool:
    """Whether there is such an encoding."""
    try:
        return codecs.lookup(encoding).name not in ("undefined", "idna", "punycode", "unicode_escape", "uu", "zlib")
    except (LookupError, ValueError):
        return False


def _decoded(sample: bytes, encoding: str) -> str | None:
    """The text, whose last character may be cut; None where it is not written so."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return None


def _mostly(sample: bytes, encoding: str) -> bool:
    """Whether a few bytes alone are wrong, in a text that is written so."""
    text = _tolerant(sample, encoding)
    return 0 < 20 * text.count("\ufffd") < sum(sign >= "\u0080" for sign in text)


def _common(sample: bytes, encoding: str) -> float:
    """How common the characters are that come out: 1 or more for a real text, below 0 where it cannot be one."""
    text = _tolerant(sample, encoding)
    signs = [sign for sign in text if sign >= "\u0080"]
    if not signs:
        return -1.0
    low, high = LEVELS[encoding]
    score = 0.0
    for sign in signs:
        code = sign.encode(encoding, "replace")
        common = len(code) == 2 and low <= int.from_bytes(code) <= high
        score += 0.5 if common else 0.2 if "\u3000" <= sign <= "\u303f" or "\uff00" <= sign <= "\uffef" else -1.0
        score += 2.0 if sign in ADDRESSES else 0.0
    return score / len(signs)


def _tolerant(sample: bytes, encoding: str) -> str:
    """What comes out; what is not written so comes out as a rare sign."""
    return sample.decode(encoding, "replace")

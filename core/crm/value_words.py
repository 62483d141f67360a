"""What values of exports usually mean: words for won and lost, names of channels, of currencies."""

import re
from typing import Final

from rapidfuzz.fuzz import token_sort_ratio
from rapidfuzz.process import extractOne

from core.crm.currencies import SYMBOLS, code

ALIKE: Final = 92.0
"""Likeness of two names, 0 to 100, from which they may be one."""

_WON: Final = (  # English, German, French, Spanish, Portuguese, Italian, Dutch, Nordic, Polish
    r"won|win|signed|gewonnen|gagn\w*|ganad\w*|ganh\w*|vint\w*|vunnet|vunnen|vundet|voitettu"
    r"|wygran\w*"
)
_LOST: Final = (
    r"lost|lose|verloren|perdu\w*|perdid\w*|pers[oaie]|tapt|f\u00f6rlorad\w*|tabt|h\u00e4vitty"
    r"|przegran\w*"
)
_WON_ASIAN: Final = ("\u6210\u7d04", "\u53d7\u6ce8", "\u6210\u4ea4", "\u8d62\u5355")
_LOST_ASIAN: Final = ("\u5931\u6ce8", "\u4e0d\u6210\u7acb", "\u8f93\u5355", "\u4e22\u5355")
_NOT: Final = re.compile(r"\b(?:not|nicht|pas|no|n\u00e3o|non|niet)\b")
_ENDED: Final = re.compile(
    r"closed?|dead|disqualif\w*|abandon\w*|cancel\w*|no decision|churn\w*|abgeschlossen|ferm\w+"
    r"|cerrad\w*|fechad\w*|chius\w*|gesloten|rejected|archived|duplicate"
)

_CHANNELS: Final = {
    "Paid search": (
        "paid search", "ppc", "sem", "cpc", "google ads", "adwords", "google cpc", "bing ads",
        "bing cpc", "search ads", "paid search brand",
    ),
    "Organic search": ("organic search", "seo", "organic", "google organic", "bing organic"),
    "Paid social": (
        "paid social", "facebook ads", "linkedin ads", "meta ads", "instagram ads", "social ads",
        "linkedin cpc", "facebook cpc",
    ),
    "Organic social": ("organic social", "social", "social media", "linkedin", "facebook",
                       "twitter", "instagram"),
    "Email": ("email", "e mail", "email marketing", "newsletter", "mailing"),
    "Direct": ("direct", "direct traffic", "direct none", "none"),
    "Referral": ("referral", "referrals", "word of mouth", "customer referral"),
    "Events": ("event", "events", "trade show", "tradeshow", "conference", "messe", "exhibition"),
    "Webinar": ("webinar", "webinars", "online event"),
    "Outbound": (
        "outbound", "cold call", "cold calling", "sdr", "bdr", "prospecting", "sales outreach",
        "telemarketing",
    ),
    "Partner": ("partner", "partners", "reseller", "channel partner"),
    "Display": ("display", "banner", "display ads", "programmatic"),
}  # fmt: skip

_MONEY: Final = {
    "EUR": ("euro", "euros"),
    "USD": ("us dollar", "us dollars", "dollar", "dollars", "u s dollar", "american dollar"),
    "GBP": ("pound", "pounds", "british pound", "pound sterling", "sterling", "uk pound"),
    "CHF": ("swiss franc", "swiss francs", "franken", "schweizer franken"),
    "JPY": ("yen", "japanese yen"),
    "CNY": ("yuan", "renminbi", "rmb"),
    "CAD": ("canadian dollar", "canadian dollars"),
    "AUD": ("australian dollar", "australian dollars"),
    "SEK": ("swedish krona", "swedish kronor"),
    "NOK": ("norwegian krone", "norwegian kroner"),
    "DKK": ("danish krone", "danish kroner"),
    "PLN": ("zloty", "polish zloty"),
    "INR": ("rupee", "rupees", "indian rupee"),
    "BRL": ("real", "reais", "brazilian real"),
}

Suggestion = tuple[str, str]
"""What a value probably means, and why; the meaning is empty where nothing speaks for one."""


def stage_outcome(stage: str) -> Suggestion:
    """Return whether a stage is probably open, won or lost; empty when it may be either.

    >>> stage_outcome("Abschluss gewonnen")[0], stage_outcome("Closed - not won")[0]
    ('won', '')
    >>> stage_outcome("Demo done")
    ('open', 'no word in it says that it is over')
    """
    text = _spoken(stage)
    won, lost = _has(_WON, text, _WON_ASIAN), _has(_LOST, text, _LOST_ASIAN)
    if (won or lost) and ((won and lost) or _NOT.search(text)):
        return "", "its words disagree"
    if won or lost:
        return ("won", "a word for won is in it") if won else ("lost", "a word for lost is in it")
    if _ENDED.search(text):
        return "", "it sounds over, but not whether it was won or lost"
    return "open", "no word in it says that it is over"


def channel_of(source: str) -> Suggestion:
    """Return the channel a source probably is; empty when nothing speaks for another name.

    >>> channel_of("google / cpc")
    ('Paid search', "people write it for 'Paid search'")
    >>> channel_of("Paid search"), channel_of("Billboard")
    (('', ''), ('', ''))
    """
    if source in _CHANNELS:
        return "", ""
    text = _spoken(source)
    for channel, names in _CHANNELS.items():
        if text == _spoken(channel):
            return channel, "only its spelling differs"
        if text in names:
            return channel, f"people write it for '{channel}'"
    return "", ""


def currency_of(word: str) -> Suggestion:
    """Return the code a word for a currency probably means.

    >>> currency_of("US Dollars"), currency_of("\u20ac"), currency_of("XYZ")
    (('USD', 'it is a name of it'), ('EUR', 'it is its symbol'), ('', 'nothing is known about it'))
    """
    text = _spoken(word)
    for currency, names in _MONEY.items():
        if text in names:
            return currency, "it is a name of it"
    meanings = SYMBOLS.get(word.strip(), ())
    if meanings:
        return meanings[0], "it is its symbol" if len(meanings) == 1 else "its symbol may mean it"
    first = next((part for part in re.split(r"[^A-Za-z]+", word) if code(part)), "")
    return (first.upper(), "its code stands in it") if first else ("", "nothing is known about it")


def same_person(name: str, others: list[str]) -> Suggestion:
    """Return the spelling, among those that are commoner, that a salesperson's name stands for.

    >>> same_person("Byron, Ada", ["Ada Byron", "Grace Hopper"])
    ('Ada Byron', 'the same words as the commoner spelling')
    """
    text = _spoken(name)
    spoken = {_spoken(other): other for other in reversed(others)}
    like = extractOne(text, list(spoken), scorer=token_sort_ratio, score_cutoff=ALIKE)
    if like is None:
        return "", ""
    same = sorted(text.split()) == sorted(like[0].split())
    return spoken[like[0]], f"{'the same words as' if same else 'like'} the commoner spelling"


def _has(words: str, text: str, pieces: tuple[str, ...]) -> bool:
    return bool(re.search(rf"\b(?:{words})\b", text)) or any(piece in text for piece in pieces)


def _spoken(text: str) -> str:
    """Return a text in lower case, its words parted by single spaces."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return " ".join(re.sub(r"[\W_]+", " ", parted.replace("closedwon", "closed won")
                           .replace("closedlost", "closed lost")).lower().split())  # fmt: skip

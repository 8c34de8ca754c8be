"""The languages people can say they speak: those of Europe and the most spoken ones, by code."""

from babel import Locale

from rse.kernel.i18n import current_language

CODES = (
    "ar", "bg", "bn", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr",
    "ga", "he", "hi", "hr", "hu", "is", "it", "ja", "ko", "lt", "lv", "mt", "nl", "no", "pl", "pt",
    "ro", "ru", "sk", "sl", "sq", "sr", "sv", "sw", "ta", "th", "tr", "uk", "ur", "vi", "zh",
)  # fmt: skip


def name_of(code: str) -> str:
    """A language's name in the language in force."""
    name = str(Locale.parse(current_language()).languages.get(code, code))
    return name[:1].upper() + name[1:]


def choices() -> list[tuple[str, str]]:
    """All of them with their names, in the order of the names."""
    return sorted(((code, name_of(code)) for code in CODES), key=lambda pair: pair[1])

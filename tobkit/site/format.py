"""Numbers, money and dates as people write them, in Chinese and English. Pure; the environment's locale has no say."""

from datetime import date
from itertools import pairwise

UNITS = {"zh": ((10_000, "万"), (100_000_000, "亿")), "en": ((1_000, "k"), (1_000_000, "M"), (1_000_000_000, "B"))}
"""What numbers from 10,000 on are counted in."""

# fmt: off
SIGNS = {
    "CNY": "¥", "RMB": "¥", "JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "KRW": "₩", "INR": "₹", "THB": "฿",
    "HKD": "HK$", "TWD": "NT$", "SGD": "S$", "AUD": "A$", "CAD": "C$", "NZD": "NZ$", "BRL": "R$", "VND": "₫",
    "MYR": "RM", "PHP": "₱", "RUB": "₽", "TRY": "₺", "UAH": "₴", "ILS": "₪", "NGN": "₦",
}
# fmt: on

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LONG_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def integer(value: float, language: str) -> str:  # noqa: ARG001 (both languages group by thousands)
    """A whole number with its thousands grouped: `12,345`."""
    return f"{round(value):,}"


def number(value: float, language: str) -> str:
    """A number shortened to about three figures: `1.2万` in Chinese, `12k` in English; below 10,000 not by units."""
    if value < 0:
        return f"-{number(-value, language)}"
    if value < 9_999.5:
        return _decimal(value, 0 if value >= 100 else 1 if value >= 10 else 2)
    units = UNITS["zh" if language == "zh" else "en"]
    for (size, unit), (next_size, _) in pairwise(units):
        shown = _scaled(value / size)
        if float(shown.replace(",", "")) < next_size / size:
            return shown + unit
    size, unit = units[-1]
    return _scaled(value / size) + unit


def money(value: float, currency: str, language: str) -> str:
    """An amount shortened: `¥210万` in Chinese, `¥2.1M` in English. `currency` is a code (CNY) or a sign."""
    return f"{'-' if value < 0 else ''}{_sign(currency)}{number(abs(value), language)}"


def money_exact(value: float, currency: str, language: str) -> str:  # noqa: ARG001 (the same in both)
    """An amount in full, for titles: `¥2,134,500` (cents only where there are any)."""
    amount = f"{abs(value):,.2f}".removesuffix(".00")
    return f"{'-' if value < 0 else ''}{_sign(currency)}{amount}"


def percent(share: float, language: str) -> str:  # noqa: ARG001 (the same in both)
    """A share in [0, 1] as a percentage: `42%`."""
    return f"{share * 100:.0f}%"


def days(count: int, language: str) -> str:
    """A number of days with its unit: `41 天`, `1 day`, `41 days`."""
    if language == "zh":
        return f"{count:,} 天"
    return f"{count:,} day" if count == 1 else f"{count:,} days"


def short_date(day: date, language: str) -> str:
    """Day and month: `10月12日`, `12 Oct`. How long ago that was, the page's script adds."""
    return f"{day.month}月{day.day}日" if language == "zh" else f"{day.day} {MONTHS[day.month - 1]}"


def long_date(day: date, language: str) -> str:
    """The date in full, for titles: `2026年10月12日`, `12 October 2026`."""
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {LONG_MONTHS[day.month - 1]} {day.year}"


def month(day: date, language: str) -> str:
    """A month on an axis: `10月`, `Oct`; January with its year: `2027年1月`, `Jan 2027`."""
    if language == "zh":
        return f"{day.year}年1月" if day.month == 1 else f"{day.month}月"
    return f"Jan {day.year}" if day.month == 1 else MONTHS[day.month - 1]


def _scaled(value: float) -> str:
    return _decimal(value, 0 if value >= 99.95 else 1)


def _decimal(value: float, places: int) -> str:
    shown = f"{value:,.{places}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _sign(currency: str) -> str:
    sign = SIGNS.get(currency.upper(), currency)
    return f"{sign}\u00a0" if len(sign) > 1 and sign.isalnum() and sign not in SIGNS.values() else sign

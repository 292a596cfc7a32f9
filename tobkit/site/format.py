"""Numbers, money and dates as people write them, in Chinese and English. Pure; the environment's locale has no say."""

from datetime import date


def integer(value: float, language: str) -> str:
    """A whole number with its thousands grouped: `12,345`."""
    raise NotImplementedError


def number(value: float, language: str) -> str:
    """A number shortened to about three figures: `1.2万` in Chinese, `12k` in English; small ones as they are."""
    raise NotImplementedError


def money(value: float, currency: str, language: str) -> str:
    """An amount shortened: `¥210万` in Chinese, `¥2.1M` in English. `currency` is a code (CNY) or a sign."""
    raise NotImplementedError


def money_exact(value: float, currency: str, language: str) -> str:
    """An amount in full, for titles: `¥2,134,500` (cents only where there are any)."""
    raise NotImplementedError


def percent(share: float, language: str) -> str:
    """A share in [0, 1] as a percentage: `42%`."""
    raise NotImplementedError


def days(count: int, language: str) -> str:
    """A number of days with its unit: `41 天`, `1 day`, `41 days`."""
    raise NotImplementedError


def short_date(day: date, language: str) -> str:
    """Day and month: `10月12日`, `12 Oct`. How long ago that was, the page's script adds."""
    raise NotImplementedError


def long_date(day: date, language: str) -> str:
    """The date in full, for titles: `2026年10月12日`, `12 October 2026`."""
    raise NotImplementedError


def month(day: date, language: str) -> str:
    """A month on an axis: `10月`, `Oct`; January with its year: `2027年1月`, `Jan 2027`."""
    raise NotImplementedError

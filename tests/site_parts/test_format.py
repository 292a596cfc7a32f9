from datetime import date

import pytest

from tobkit.site import format as shown


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (0, "0", "0"),
        (7, "7", "7"),
        (0.25, "0.25", "0.25"),
        (3.5, "3.5", "3.5"),
        (12.34, "12.3", "12.3"),
        (999, "999", "999"),
        (1_234, "1,234", "1,234"),
        (9_999, "9,999", "9,999"),
        (9_999.7, "1万", "10k"),
        (12_000, "1.2万", "12k"),
        (12_345, "1.2万", "12.3k"),
        (125_000, "12.5万", "125k"),
        (999_960, "100万", "1M"),
        (2_134_500, "213万", "2.1M"),
        (99_999_999, "1亿", "100M"),
        (1_250_000_000, "12.5亿", "1.2B"),
        (1e13, "100,000亿", "10,000B"),
        (-12_000, "-1.2万", "-12k"),
    ],
)
def test_numbers_are_shortened_by_the_language_s_units(value: float, zh: str, en: str) -> None:
    assert shown.number(value, "zh") == zh
    assert shown.number(value, "en") == en


@pytest.mark.parametrize(
    ("value", "currency", "zh", "en", "exact"),
    [
        (2_100_000, "CNY", "¥210万", "¥2.1M", "¥2,100,000"),
        (2_100_000.5, "USD", "$210万", "$2.1M", "$2,100,000.50"),
        (0, "EUR", "€0", "€0", "€0"),
        (-480_000, "CNY", "-¥48万", "-¥480k", "-¥480,000"),
        (9_800, "CHF", "CHF\u00a09,800", "CHF\u00a09,800", "CHF\u00a09,800"),
        (50_000, "元", "元5万", "元50k", "元50,000"),
        (50_000, "MYR", "RM5万", "RM50k", "RM50,000"),
    ],
)
def test_money(value: float, currency: str, zh: str, en: str, exact: str) -> None:
    assert shown.money(value, currency, "zh") == zh
    assert shown.money(value, currency, "en") == en
    assert shown.money_exact(value, currency, "en") == exact


def test_dates() -> None:
    day = date(2026, 10, 12)
    assert (shown.short_date(day, "zh"), shown.short_date(day, "en")) == ("10月12日", "12 Oct")
    assert (shown.long_date(day, "zh"), shown.long_date(day, "en")) == ("2026年10月12日", "12 October 2026")
    assert [shown.month(date(2027, n, 1), "zh") for n in (1, 2)] == ["2027年1月", "2月"]
    assert [shown.month(date(2027, n, 1), "en") for n in (1, 9)] == ["Jan 2027", "Sep"]


def test_counts() -> None:
    assert [shown.days(n, "en") for n in (0, 1, 41)] == ["0 days", "1 day", "41 days"]
    assert shown.days(1, "zh") == "1 天"
    assert shown.integer(12345.4, "zh") == "12,345"
    assert [shown.percent(share, "zh") for share in (0, 0.424, 1)] == ["0%", "42%", "100%"]

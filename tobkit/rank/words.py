"""Customers and money in words, for the facts of an explanation."""

from collections.abc import Callable, Iterable, Sequence

from tobkit.messages import Message, msg, msg_n
from tobkit.model.kinds import Customer

Words = Message | list[Message | str]
"""What fills a slot of a message: a message of its own, or a list."""

NAMED = 5
"""How many customers a sentence names before it says how many more there are."""

CURRENCY_SIGNS = {"CNY": "¥", "JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "SGD": "S$", "TWD": "NT$"}


def money(amount: float, currency: str) -> str:
    """An exact amount: `¥2,100,000`; a currency without a sign of its own is named: `NOK 1,200.50`."""
    digits = f"{amount:,.0f}" if amount == int(amount) else f"{amount:,.2f}"
    sign = CURRENCY_SIGNS.get(currency)
    return f"{sign}{digits}" if sign else f"{currency} {digits}"


def by_revenue(customers: Iterable[Customer]) -> list[Customer]:
    """The largest first, then by id."""
    return sorted(customers, key=lambda customer: (-(customer.arr or 0.0), customer.id))


def named(customers: Sequence[Customer]) -> Words:
    """The customers' names: the first five and how many more."""
    return listed(customers, lambda customer: customer.name)


def listed(customers: Sequence[Customer], shown: Callable[[Customer], Message | str]) -> Words:
    """The first five customers as `shown` puts them, and how many more."""
    first = [shown(customer) for customer in customers[:NAMED]]
    more = len(customers) - len(first)
    return msg_n("{names} and {n} more", "{names} and {n} more", more, names=first) if more else first


def with_detail(customer: Customer, detail: object) -> Message:
    """A customer with something about it in brackets."""
    return msg("{name} ({detail})", name=customer.name, detail=detail)

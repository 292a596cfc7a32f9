"""Worked examples of the tier: which impact counts, said by whom."""

import pytest

from tests.rank.entries import customer, first, note, promise, req
from tobkit.rank import Lack

ACTIVE = customer("active")
AT_RISK = customer("risky", "at-risk")
PROSPECT = customer("prospect", "prospect")
CHURNED = customer("gone", "churned")
EVERYBODY = (ACTIVE, AT_RISK, PROSPECT, CHURNED)

BLOCKS, WINS, SAVES, EARNS = "blocks-use", "wins-deals", "saves-money", "earns-money"


def say(*impact, by=(), against=()):
    """A requirement that claims these impacts for these customers."""
    return req("a", *by, impact=impact, competitors=against)


TIERS = [
    # blocks-use: tier 1, if an active or at-risk customer says so
    ("blocks use, active", [say(BLOCKS, by=["active"])], 1),
    ("blocks use, at risk", [say(BLOCKS, by=["risky"])], 1),
    ("blocks use, prospect", [say(BLOCKS, by=["prospect"])], 4),
    ("blocks use, churned", [say(BLOCKS, by=["gone"])], 4),
    ("blocks use, nobody", [say(BLOCKS)], 4),
    ("blocks use, unknown customer", [say(BLOCKS, by=["nowhere"])], 4),
    ("blocks use, prospect and active", [say(BLOCKS, by=["prospect", "active"])], 1),
    # wins-deals: tier 2, if a live customer (a prospect too) and a competitor are named in the same statement
    ("wins deals, active", [say(WINS, by=["active"], against=["rival"])], 2),
    ("wins deals, prospect", [say(WINS, by=["prospect"], against=["rival"])], 2),
    ("wins deals, at risk", [say(WINS, by=["risky"], against=["rival"])], 2),
    ("wins deals, no competitor", [say(WINS, by=["active"])], 4),
    ("wins deals, churned", [say(WINS, by=["gone"], against=["rival"])], 4),
    ("wins deals, churned and prospect", [say(WINS, by=["gone", "prospect"], against=["rival"])], 2),
    ("wins deals, nobody", [say(WINS, against=["rival"])], 4),
    # saves-money and earns-money: tier 3, if a live customer says so
    ("saves money, active", [say(SAVES, by=["active"])], 3),
    ("earns money, prospect", [say(EARNS, by=["prospect"])], 3),
    ("saves money, churned", [say(SAVES, by=["gone"])], 4),
    ("earns money, nobody", [say(EARNS)], 4),
    # no impact at all
    ("no impact", [say(by=["active"])], 4),
    # the best tier that counts decides; a claim that doesn't count leaves the next one
    ("all impacts", [say(EARNS, SAVES, WINS, BLOCKS, by=["active"], against=["rival"])], 1),
    ("blocks use by a prospect, saves money", [say(BLOCKS, SAVES, by=["prospect"])], 3),
    ("blocks use by nobody live, wins deals without competitor", [say(BLOCKS, WINS, by=["gone"])], 4),
    # notes make statements of their own
    ("note blocks use", [req("a"), note("n", "active", "a", impact=(BLOCKS,))], 1),
    ("note of a prospect", [req("a"), note("n", "prospect", "a", impact=(BLOCKS,))], 4),
    ("note of an organisation", [req("a"), note("n", None, "a", organisation="shop", impact=(BLOCKS,))], 4),
    ("note wins deals", [req("a"), note("n", "prospect", "a", impact=(WINS,), competitors=("rival",))], 2),
    # what one statement lacks, another doesn't give: claim here, customer or competitor there
    ("claim in the entry, customer in a note", [say(BLOCKS), note("n", "active", "a")], 4),
    ("claim in a note, customer in the entry", [say(by=["active"]), note("n", "prospect", "a", impact=(BLOCKS,))], 4),
    ("claim in a note, competitor in the entry",
     [say(against=["rival"]), note("n", "active", "a", impact=(WINS,))], 4),
    ("claim in the entry, competitor in a note",
     [say(WINS, by=["active"]), note("n", "active", "a", competitors=("rival",))], 4),
    ("a promise is no statement", [say(BLOCKS), promise("p", "active", "a")], 4),
    # merged entries make statements too, directly and through chains
    ("merged entry", [req("a"), req("b", "active", impact=(BLOCKS,), duplicate_of="REQ-a")], 1),
    ("note on a merged entry",
     [req("a"), req("b", duplicate_of="REQ-a"), note("n", "active", "b", impact=(BLOCKS,))], 1),
    ("end of a chain",
     [req("a"), req("b", duplicate_of="REQ-a"), req("c", "active", impact=(SAVES,), duplicate_of="REQ-b")], 3),
    ("merged entry of a churned customer", [req("a"), req("b", "gone", impact=(BLOCKS,), duplicate_of="REQ-a")], 4),
]  # fmt: skip


@pytest.mark.parametrize(("entries", "tier"), [pytest.param(entries, tier, id=name) for name, entries, tier in TIERS])
def test_tier(entries, tier):
    assert first(*entries, *EVERYBODY).tier == tier


LACKS = [
    ("nobody", [say(BLOCKS)], [(BLOCKS, [[Lack.CUSTOMER]])]),
    ("churned", [say(SAVES, by=["gone"])], [(SAVES, [[Lack.LIVE_CUSTOMER]])]),
    ("only a prospect", [say(BLOCKS, by=["prospect", "gone"])], [(BLOCKS, [[Lack.USER]])]),
    ("no competitor", [say(WINS, by=["active"])], [(WINS, [[Lack.COMPETITOR]])]),
    ("neither customer nor competitor", [say(WINS)], [(WINS, [[Lack.CUSTOMER, Lack.COMPETITOR]])]),
    ("two statements, both lacking",
     [say(BLOCKS), note("n", "prospect", "a", impact=(BLOCKS,))], [(BLOCKS, [[Lack.CUSTOMER], [Lack.USER]])]),
    ("two claims, one counts", [say(EARNS, BLOCKS, by=["prospect"])], [(BLOCKS, [[Lack.USER]])]),
    ("one statement counts, so the claim does", [say(BLOCKS), note("n", "active", "a", impact=(BLOCKS,))], []),
    ("nothing claimed", [say(by=["active"])], []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("entries", "lacks"), [pytest.param(entries, lacks, id=name) for name, entries, lacks in LACKS]
)
def test_what_needs_evidence(entries, lacks):
    claims = first(*entries, *EVERYBODY).needing_evidence
    assert [(claim.impact, [list(missing) for _, missing in claim.lacking]) for claim in claims] == lacks


def test_a_claim_knows_what_carries_it():
    """Of three statements that claim the same, one counts and two don't."""
    ranked = first(
        say(BLOCKS),
        note("n1", "active", "a", impact=(BLOCKS, BLOCKS)),
        note("n2", "gone", "a", impact=(BLOCKS,)),
        *EVERYBODY,
    )
    (claim,) = ranked.claims
    assert claim.counts
    assert [statement.entry.id for statement in claim.carried_by] == ["NOTE-n1"]
    assert [statement.entry.id for statement, _ in claim.lacking] == ["REQ-a", "NOTE-n2"]


def test_claims_come_in_the_order_of_tiers():
    claims = first(say(EARNS, WINS, SAVES, BLOCKS, by=["active"]), *EVERYBODY).claims
    assert [claim.impact for claim in claims] == [BLOCKS, WINS, SAVES, EARNS]

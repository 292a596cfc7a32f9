"""What kinds and their fields mean, in a sentence, for editors and forms. Fields that their label explains have none."""

from collections.abc import Mapping

from tobkit.messages import Message, msg

KIND_MEANINGS: Mapping[str, Message] = {
    "requirement": msg("A need, or a defect, that somebody heard of. The body is its description."),
    "note": msg("What a customer, or a partner, said. The body is what was said, best in their own words."),
    "customer": msg("A company that buys, might buy, or bought. The body is their business."),
    "module": msg("A function of the product. The body says what it does, for whom, and its limits."),
    "promise": msg("What somebody promised a customer, and by when."),
    "incident": msg("A disturbance of the running product."),
    "organisation": msg("Another company in the field: a competitor, a partner, a channel, a medium."),
    "exchange": msg("Something given to, or got from, an organisation."),
}

_HEARD_BY = msg("Which department heard it.")
_IMPACT = msg("What makes it urgent: blocks-use and wins-deals come first, then saves-money and earns-money.")
_COMPETITORS = msg("Who wins deals with it.")
_IMPORTED = msg("Where an import took it from, such as jira:ABC-12; no two entries share one.")
_ALIASES = msg("Other names that are read as the id.")
_LOST = msg("Asked for once they have churned.")

MEANINGS: Mapping[tuple[str, str], Message] = {
    ("requirement", "title"): msg("The need in one line."),
    ("requirement", "date"): msg("When it was first heard."),
    ("requirement", "status"): msg("How far it is."),
    ("requirement", "status_since"): msg("Since when it has had this status; for pools that were imported."),
    ("requirement", "module"): msg("The function that it concerns."),
    ("requirement", "customers"): msg("For whom it was filed; later voices are notes."),
    ("requirement", "region"): msg("Where the need comes from."),
    ("requirement", "suggested_priority"): msg("How the front line sees it."),
    ("requirement", "owner"): msg("Who follows it up."),
    ("requirement", "source"): _HEARD_BY,
    ("requirement", "impact"): _IMPACT,
    ("requirement", "competitors"): _COMPETITORS,
    ("requirement", "scope"): msg("A standard need, or one key account's own."),
    ("requirement", "effort"): msg("In person-days."),
    ("requirement", "planned"): msg("When it is to come: a date, a quarter such as 2027-Q1, or a version."),
    ("requirement", "reason"): msg("Why it isn't done."),
    ("requirement", "delivered"): msg("When it was delivered."),
    ("requirement", "duplicate_of"): msg("This entry is merged into that one."),
    ("requirement", "not_duplicate_of"): msg("Looked at, and different; holds in both directions."),
    ("requirement", "audience"): msg("Whether a public site may show it; internal where it isn't given."),
    ("requirement", "source_id"): _IMPORTED,
    ("note", "date"): msg("When it was said."),
    ("note", "customer"): msg("Who said it; this or organisation is required."),
    ("note", "organisation"): msg("Who said it, where it was a partner, for example a channel's."),
    ("note", "source"): _HEARD_BY,
    ("note", "author"): msg("Who wrote it down."),
    ("note", "requirements"): msg("Which needs it is about; without any it waits in the inbox."),
    ("note", "impact"): _IMPACT,
    ("note", "competitors"): _COMPETITORS,
    ("note", "told"): msg("They were told that these are delivered."),
    ("note", "agreed"): msg("They agree that these are retired."),
    ("note", "source_id"): _IMPORTED,
    ("customer", "name"): msg("The full name."),
    ("customer", "tier"): msg("How large they are."),
    ("customer", "status"): msg("Customers who have churned count for nothing in the ranking."),
    ("customer", "aliases"): _ALIASES,
    ("customer", "channel"): msg("Through which partner they came."),
    ("customer", "arr"): msg("What they pay a year, in the pool's currency."),
    ("customer", "renewal"): msg("When the contract is renewed."),
    ("customer", "lost_to"): _LOST,
    ("customer", "lost_on"): _LOST,
    ("customer", "case_consent"): msg("They agree that we write about them."),
    ("module", "aliases"): _ALIASES,
    ("module", "replaced_by"): msg("Asked for once it is deprecated and still used."),
    ("promise", "date"): msg("When it was made."),
    ("promise", "by"): msg("Who promised."),
    ("promise", "approved_by"): msg("From customer success or product; asked for until the requirement is accepted."),
    ("incident", "minutes"): msg("How long it lasted."),
    ("incident", "customers"): msg("Whom it hit."),
    ("incident", "requirements"): msg("What is to follow from it."),
    ("organisation", "aliases"): _ALIASES,
    ("organisation", "overlaps"): msg("Which of our functions they have too."),
    ("exchange", "value"): msg("In the pool's currency."),
}
"""By kind and field."""

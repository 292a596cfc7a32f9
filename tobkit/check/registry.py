"""All rules, in the order of their codes: those that look at a whole pool, and those that the loader applies to files."""

from collections.abc import Callable, Iterator, Mapping

from tobkit.check import business, fields, references, settings, texts
from tobkit.check.facts import Facts
from tobkit.model.diagnostics import Diagnostic, Rule, Severity
from tobkit.store import frontmatter, load, overlay, reading, walk, workspace

Checker = Callable[[Facts], Iterator[Diagnostic]]

CHECKERS: Mapping[Rule, Checker] = {
    fields.REQUIRED_BY_STATUS: fields.required_by_status,
    fields.UNKNOWN_PERSON: fields.unknown_person,
    fields.UNKNOWN_REGION: fields.unknown_region,
    fields.FUTURE_DATE: fields.future_date,
    fields.DATES_OUT_OF_ORDER: fields.dates_out_of_order,
    fields.UNSORTED_LIST: fields.unsorted_list,
    fields.NOBODY_SPEAKS: fields.nobody_speaks,
    texts.THIN_DESCRIPTION: texts.thin_description,
    references.DEAD_REFERENCE: references.dead_reference,
    references.DUPLICATE_CYCLE: references.duplicate_cycle,
    references.SELF_REFERENCE: references.self_reference,
    references.MERGED_AND_DISTINCT: references.merged_and_distinct,
    references.UNKNOWN_CUSTOMER: references.unknown_customer,
    references.ALIAS_CLASH: references.alias_clash,
    references.REMOVED_MODULE: references.removed_module,
    references.REPEATED_VALUE: references.repeated_value,
    business.LOST_WITHOUT_TRACE: business.lost_without_trace,
    business.UNAPPROVED_PROMISE: business.unapproved_promise,
    business.OVERDUE_PROMISE: business.overdue_promise,
    business.HOPELESS_PROMISE: business.hopeless_promise,
    business.NO_COMPETITOR: business.no_competitor,
    business.NO_REPLACEMENT: business.no_replacement,
}

LOADER_RULES: tuple[Rule, ...] = (
    frontmatter.NO_FENCE,
    frontmatter.UNCLOSED_FENCE,
    frontmatter.WRONG_FENCE,
    frontmatter.SYNTAX,
    frontmatter.DUPLICATE_KEY,
    frontmatter.ANCHOR,
    frontmatter.TAG,
    frontmatter.TAB,
    frontmatter.TOO_LARGE,
    frontmatter.TOO_DEEP,
    frontmatter.NOT_UTF8,
    frontmatter.CONTROL_CHARACTER,
    frontmatter.CONFLICT_MARKER,
    frontmatter.NOT_KEYS,
    load.FILE_NAME,
    walk.OUTSIDE_KINDS,
    walk.LINK,
    walk.UNREADABLE_FILE,
    frontmatter.FULL_WIDTH_COLON,
    overlay.NO_SUCH_ENTRY,
    overlay.ALREADY_GIVEN,
    workspace.CONFIG_SYNTAX,
    workspace.CONFIG_KEY,
    workspace.CONFIG_VALUE,
    reading.MISSING,
    reading.SHAPE,
    reading.CHOICE,
    reading.BAD_DATE,
    reading.BAD_NUMBER,
    reading.UNKNOWN_KEY,
    reading.BAD_ID,
    reading.KEY_SPELLING,
    reading.VALUE_SPELLING,
    reading.SINGLE_VALUE,
    reading.BAD_BOOLEAN,
    reading.PATTERN,
    load.DUPLICATE_ID,
)

RULES: Mapping[str, Rule] = {
    rule.code: rule for rule in sorted((*CHECKERS, *LOADER_RULES, settings.IDLE_SETTING), key=lambda rule: rule.code)
}

UNALTERABLE: frozenset[Rule] = frozenset(
    rule for rule in LOADER_RULES if rule.severity is Severity.ERROR and rule is not reading.UNKNOWN_KEY
)
"""Rules without which an entry can't be used at all: a team can neither disable nor soften them."""

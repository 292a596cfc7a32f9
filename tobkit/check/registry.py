"""All rules, in the order of their codes: those that look at a whole pool, and those that the loader applies to files."""

from collections.abc import Callable, Iterator, Mapping

from tobkit.check import attachments, business, fields, history, ignoring, references, safety, settings, texts
from tobkit.check.facts import Facts
from tobkit.check.loading import LOADER_RULES
from tobkit.model.diagnostics import Diagnostic, Rule, Severity
from tobkit.store import reading

Checker = Callable[[Facts], Iterator[Diagnostic]]

CHECKERS: Mapping[Rule, Checker] = {
    attachments.TOO_LARGE: attachments.too_large,
    attachments.REFUSED_TYPE: attachments.refused_type,
    fields.REQUIRED_BY_STATUS: fields.required_by_status,
    fields.UNKNOWN_PERSON: fields.unknown_person,
    fields.UNKNOWN_REGION: fields.unknown_region,
    fields.FUTURE_DATE: fields.future_date,
    fields.DATES_OUT_OF_ORDER: fields.dates_out_of_order,
    fields.UNSORTED_LIST: fields.unsorted_list,
    fields.NOBODY_SPEAKS: fields.nobody_speaks,
    texts.THIN_DESCRIPTION: texts.thin_description,
    texts.PLACEHOLDER: texts.placeholder,
    texts.CUT_VALUE: texts.cut_value,
    references.DEAD_REFERENCE: references.dead_reference,
    references.DUPLICATE_CYCLE: references.duplicate_cycle,
    references.SELF_REFERENCE: references.self_reference,
    references.MERGED_AND_DISTINCT: references.merged_and_distinct,
    references.UNKNOWN_CUSTOMER: references.unknown_customer,
    references.ALIAS_CLASH: references.alias_clash,
    references.REMOVED_MODULE: references.removed_module,
    references.REPEATED_VALUE: references.repeated_value,
    references.REFERENCE_CIRCLE: references.reference_circle,
    references.SIMILAR_NAMES: references.similar_names,
    attachments.MISSING: attachments.missing,
    attachments.DEAD_LINK: attachments.dead_link,
    attachments.ANOTHERS: attachments.anothers,
    attachments.OWNERLESS: attachments.ownerless,
    attachments.UNUSED: attachments.unused,
    history.ILLEGAL_TRANSITION: history.illegal_transition,
    history.REOPENED: history.reopened,
    history.CHANGED_ID: history.changed_id,
    history.DELETED: history.deleted,
    history.PUT_OFF: history.put_off,
    business.LOST_WITHOUT_TRACE: business.lost_without_trace,
    business.UNAPPROVED_PROMISE: business.unapproved_promise,
    business.OVERDUE_PROMISE: business.overdue_promise,
    business.HOPELESS_PROMISE: business.hopeless_promise,
    business.NO_COMPETITOR: business.no_competitor,
    business.NO_REPLACEMENT: business.no_replacement,
    business.DUE_BEFORE_PLANNED: business.due_before_planned,
    business.FILED_TWICE: business.filed_twice,
    safety.BIDI_CONTROL: safety.bidi_control,
    safety.INVISIBLE_IN_NAME: safety.invisible_in_name,
    safety.INVISIBLE: safety.invisible,
    safety.LOOK_ALIKE: safety.look_alike,
    safety.SECRET: safety.secret,
    safety.PASSWORD: safety.password,
    safety.PERSONAL: safety.personal,
}

DOCUMENTED_BY: Mapping[Rule, object] = {
    **CHECKERS,
    **LOADER_RULES,
    ignoring.FAULTY_IGNORE: ignoring.faulty,
    ignoring.IDLE_IGNORE: ignoring.idle,
    settings.IDLE_SETTING: settings.idle_settings,
}
"""Every rule with its documentation: a text, or a function whose docstring it is."""

RULES: Mapping[str, Rule] = {rule.code: rule for rule in sorted(DOCUMENTED_BY, key=lambda rule: rule.code)}

HISTORY_RULES: frozenset[Rule] = frozenset(rule for rule in CHECKERS if rule.code.startswith("TOB4"))
"""Rules that find nothing where no base is known."""

UNALTERABLE: frozenset[Rule] = frozenset(
    rule for rule in LOADER_RULES if rule.severity is Severity.ERROR and rule is not reading.UNKNOWN_KEY
)
"""Rules without which an entry can't be used at all: a team can neither disable nor soften them."""

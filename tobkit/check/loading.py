"""The rules that the loader applies while it reads files, each with its documentation.

The documentation has the form of a checker's docstring; its examples give whole files (`documentation.Example`).
"""

from collections.abc import Mapping

from tobkit.model.diagnostics import Rule
from tobkit.store import frontmatter, load, overlay, reading, walk, workspace

LOADER_RULES: Mapping[Rule, str] = {
    frontmatter.NO_FENCE: """
    An entry begins with its front matter: a line `---`, the keys, and a line `---` again.

    Why: without it tobkit can't tell what the file says from what it describes.

    Bad:
        pool/requirements/REQ-00000a.md
            The export is slow.

    Good:
        pool/requirements/REQ-00000a.md
            ---
            id: REQ-00000a
            title: The export is slow
            date: 2026-03-05
            status: new
            ---
            At month end it takes the accountants two days.

    Fix: write `---` into the first line, below it the keys, below them `---` again. `tobkit new` makes a valid entry.
    """,
    frontmatter.UNCLOSED_FENCE: """
    The front matter ends with a line `---`.

    Why: otherwise nobody can tell where the keys end and the description begins.

    Bad:
        pool/modules/export.md
            ---
            ^^^
            id: export
            name: Export
            status: live

    Good:
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: live
            ---

    Fix: put a line with `---` alone below the last key.
    """,
    frontmatter.WRONG_FENCE: """
    The front matter stands between bare lines `---`, and is YAML.

    Why: other tools know other fences, such as `+++` or `---js`, for other languages; a pool has one form only.

    Bad:
        pool/modules/export.md
            +++
            ^^^
            id = "export"
            +++

    Good:
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: live
            ---

    Fix: write `---` as the first line and as the line below the last key, and `key: value` between them.
    """,
    frontmatter.SYNTAX: """
    Every line of the front matter is `key: value`; what holds special characters stands in double quotes.

    Why: what can't be read can't be shown, ranked or found.

    Bad:
        pool/modules/export.md
            ---
            id: export
            name: Export: invoices
                        ^
            status: live
            ---

    Bad:
        pool/modules/export.md
            ---
            id: export
            name: Export
            status:live
                  ^
            ---

    Bad:
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: live
            aliases: [导出, 下载
                     ^
            ---

    Good:
        pool/modules/export.md
            ---
            id: export
            name: "Export: invoices"
            status: live
            aliases: [导出, 下载]
            ---

    Fix: write a space behind the key's colon; put a value in double quotes where it holds a colon and a space, or
    begins with a bracket or another sign.
    """,
    frontmatter.DUPLICATE_KEY: """
    A key stands once.

    Why: of two values one would be dropped without a word. It often happens where two branches are merged.

    Bad:
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: live
            status: deprecated
            ^^^^^^
            ---

    Bad:
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: live
            状态: deprecated
            ^^
            ---

    Good:
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: deprecated
            ---

    Fix: keep one of the two lines. A list takes its items below one key, each on a line with `- `.
    """,
    frontmatter.ANCHOR: """
    Every value is written out: no anchors (`&name`) and no aliases (`*name`).

    Why: a short text with aliases can stand for gigabytes, and nobody reads them in a list of values.

    Bad:
        pool/modules/export.md
            ---
            id: export
            name: &n Export
                  ^^^^^^^^^
            status: live
            ---

    Good:
        pool/modules/export.md
            ---
            id: export
            name: "&n Export"
            status: live
            ---

    Fix: write the value itself; where it begins with `&` or `*`, put it in double quotes.
    """,
    frontmatter.TAG: """
    Values are plain text, without tags (`!!str`).

    Why: the field says what type a value has, and tags can make other tools run what they read.

    Bad:
        pool/modules/export.md
            ---
            id: export
            name: !!str 2026
                  ^^^^^^^^^^
            status: live
            ---

    Good:
        pool/modules/export.md
            ---
            id: export
            name: 2026
            status: live
            ---

    Fix: delete the tag, or put the value in double quotes where it begins with `!`.
    """,
    frontmatter.TAB: """
    Lines are indented with spaces, never with tabs.

    Why: YAML doesn't allow tabs there, and how wide one is differs from editor to editor.

    Bad:
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: live
            aliases:
            <U+0009>- 导出
            ^^^^^^^^
            ---

    Good:
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: live
            aliases:
              - 导出
            ---

    Fix: replace the tab by two spaces.
    """,
    frontmatter.TOO_LARGE: """
    A file has at most 1 MiB, and its front matter at most 10,000 keys and values.

    Why: entries are read by people, and all of them at every check; what is larger is an attachment.

    Bad:
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: live
            ---
            <1048576 times x>

    Good:
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: live
            ---
            <1000 times x>

    Fix: move long texts, tables and logs into attachments (`files/ID/NAME` beside the entry) and link them.
    """,
    frontmatter.TOO_DEEP: """
    The front matter is nested at most 100 levels deep.

    Why: nothing in a pool is; such a file was made to crash whoever reads it.

    Bad:
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: live
            aliases: <99 times [>[
                                 ^
            ---

    Good:
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: live
            aliases: [导出]
            ---

    Fix: use plain `key: value` lines and simple lists.
    """,
    frontmatter.NOT_UTF8: """
    Files are in UTF-8.

    Why: in any other encoding Chinese texts come out as garbage on somebody's machine.

    Bad:
        pool/modules/export.md
            ---
            id: export
            name: <0xB7><0xA2><0xC6><0xB1>
                  ^^^^^^
            status: live
            ---

    Good:
        pool/modules/export.md
            ---
            id: export
            name: 发票
            status: live
            ---

    Fix: open the file in your editor with the encoding that the message names, and save it again as UTF-8.
    """,
    frontmatter.CONTROL_CHARACTER: """
    A file holds no NUL, and its front matter no other invisible control characters.

    Why: they can't be seen, they make two equal texts different, and a terminal takes some of them for commands.

    Bad:
        pool/modules/export.md
            ---
            id: export
            name: Ex<U+0007>port
                    ^^^^^^^^
            status: live
            ---

    Good:
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: live
            ---

    Fix: delete the character and type the text around it again.
    """,
    frontmatter.CONFLICT_MARKER: """
    No lines that git left where two branches met (`<<<<<<<`, `=======`, `>>>>>>>`).

    Why: the file says two things at once, and somebody has to decide.

    Bad:
        pool/modules/export.md
            ---
            id: export
            name: Export
            <<<<<<< HEAD
            ^^^^^^^^^^^^
            status: live
            =======
            status: deprecated
            ---

    Good:
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: deprecated
            ---

    Fix: keep one of the two versions, and delete the lines with the markers.
    """,
    frontmatter.NOT_KEYS: """
    The front matter consists of keys with values.

    Why: a text or a list alone doesn't say what it means.

    Bad:
        pool/modules/export.md
            ---
            Export of invoices
            ^^^^^^^^^^^^^^^^^^
            ---

    Good:
        pool/modules/export.md
            ---
            id: export
            name: Export of invoices
            status: live
            ---

    Fix: write every line as `key: value`; what is to be read as text goes below the second `---`.
    """,
    load.FILE_NAME: """
    A file's name begins with its entry's id.

    Why: whoever sees a link or a list of files knows which entry it is, and two entries can't hide behind one id.

    Bad:
        pool/modules/export.md
            ---
            id: exports
                ^^^^^^^
            name: Export
            status: live
            ---

    Good:
        pool/modules/export-of-invoices.md
            ---
            id: export
            name: Export
            status: live
            ---

    Fix: rename the file to `ID.md` or `ID-anything.md`, or correct the id.
    """,
    walk.OUTSIDE_KINDS: """
    Every Markdown file below the pool lies in the folder of a kind.

    Why: nothing reads it elsewhere, and what somebody filed would be lost without a word.

    Bad:
        pool/requirement/REQ-00000a.md
            ---
            id: REQ-00000a
            ---

    Good:
        pool/README.md
            How we file.

    Fix: move the file into `requirements/`, `notes/` or another kind's folder.
    """,
    walk.LINK: """
    The pool holds no symbolic links.

    Why: they can lead out of the pool, or in a circle, and Windows doesn't make them.

    Bad:
        pool/modules/export.md
            <link to ../../elsewhere.md>

    Good:
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: live
            ---

    Fix: put the file itself into the pool.
    """,
    walk.UNREADABLE_FILE: """
    What is named `*.md` is a file that can be read.

    Why: an entry that nobody can read is missing everywhere, and everybody believes that it is there.

    Bad:
        pool/modules/export.md/
            <folder>

    Good:
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: live
            ---

    Fix: give the file to yourself again, or give the folder another name.
    """,
    frontmatter.FULL_WIDTH_COLON: """
    A key is followed by `:`, not by the full-width `：`.

    Why: it is understood, but other tools don't read it.

    Bad:
        pool/modules/export.md
            ---
            id: export
            name：导出
                ^
            status: live
            ---

    Good:
        pool/modules/export.md
            ---
            id: export
            name: 导出
            status: live
            ---

    Fix: `tobkit check --fix` writes a colon and a space.
    """,
    overlay.NO_SUCH_ENTRY: """
    A file of an overlay adds fields to an entry that the pool has.

    Why: the fields would appear nowhere. An overlay is the folder that `--overlay` names, with confidential fields.

    Bad:
        overlay/customers/acne.md
            ---
            id: acne
                ^^^^
            arr: 480000
            ---

    Good:
        overlay/customers/acme.md
            ---
            id: acme
            arr: 480000
            ---

    Fix: correct the id, or delete the file.
    """,
    overlay.ALREADY_GIVEN: """
    An overlay adds what isn't in the pool; it changes nothing.

    Why: otherwise people with and without the overlay would see different facts.

    Bad:
        pool/customers/acme.md
            ---
            id: acme
            name: Acme
            tier: mid
            status: active
            ---
        overlay/customers/acme.md
            ---
            id: acme
            tier: ka
                  ^^
            ---

    Good:
        pool/customers/acme.md
            ---
            id: acme
            name: Acme
            tier: mid
            status: active
            ---
        overlay/customers/acme.md
            ---
            id: acme
            arr: 480000
            ---

    Fix: delete the line in one of the two files.
    """,
    workspace.CONFIG_SYNTAX: """
    `tobkit.toml` is TOML: `[table]` lines, and `key = value` lines with text in double quotes.

    Why: what stands in it has no effect while it can't be read, so commands that write entries refuse.

    Bad:
        tobkit.toml
            [pool]
            currency = CNY
                       ^

    Good:
        tobkit.toml
            [pool]
            currency = "CNY"

    Fix: correct the line that the message names.
    """,
    workspace.CONFIG_KEY: """
    `tobkit.toml` holds only keys that tobkit knows.

    Why: a misspelt key would be ignored without a word.

    Bad:
        tobkit.toml
            [pool]
            region = ["华东"]
            ^^^^^^

    Good:
        tobkit.toml
            [pool]
            regions = ["华东"]

    Fix: correct the key. Fields of your own stand below `[fields.KIND.NAME]`.
    """,
    workspace.CONFIG_VALUE: """
    The values in `tobkit.toml` are of the type, and within the range, that their keys ask for.

    Why: a value that isn't understood has no effect, and nobody would notice.

    Bad:
        tobkit.toml
            [pool]
            timezone = "Shanghai"
            ^^^^^^^^

    Good:
        tobkit.toml
            [pool]
            timezone = "Asia/Shanghai"

    Fix: write a value that the message allows; [Configuration](configuration.md) lists the keys.
    """,
    reading.MISSING: """
    An entry has the keys that its kind requires.

    Why: without them it can't be listed, ranked or found. What may come later isn't required at first.

    Bad:
        pool/modules/export.md
            ---
            id: export
            name: Export
            ---

    Good:
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: live
            ---

    Fix: add the key with its value; the message says what it takes.
    """,
    reading.SHAPE: """
    A key takes text, a list or keys of its own, as its field says.

    Why: two titles are no title, and a text in place of keys says nothing about each of them.

    Bad:
        pool/modules/export.md
            ---
            id: export
            name: [Export, 导出]
                  ^^^^^^^^^^^^
            status: live
            ---

    Bad:
        pool/customers/acme.md
            ---
            id: acme
            name: Acme
            tier: mid
            status: active
            business: a wholesaler
                      ^^^^^^^^^^^^
            ---

    Good:
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: live
            aliases: [导出]
            ---

    Fix: write one value behind the key, or each item on a line of its own with `- `, or the keys below it.
    """,
    reading.CHOICE: """
    A field with a list of values takes one of them, or its label in either language.

    Why: only what everybody writes alike can be filtered and counted.

    Bad:
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: alive
                    ^^^^^
            ---

    Good:
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: live
            ---

    Fix: write one of the values that the message lists.
    """,
    reading.BAD_DATE: """
    A date is a day that exists, as `2026-03-05`.

    Why: ages, deadlines and the order are computed from dates. `2026/3/5` and `2026年3月5日` are understood.

    Bad:
        pool/notes/NOTE-00000a.md
            ---
            id: NOTE-00000a
            date: 2026-02-30
                  ^^^^^^^^^^
            source: sales
            customer: acme
            ---

    Good:
        pool/notes/NOTE-00000a.md
            ---
            id: NOTE-00000a
            date: 2026-02-28
            source: sales
            customer: acme
            ---

    Fix: write year-month-day; where the day isn't known, the first of the month.
    """,
    reading.BAD_NUMBER: """
    A number stands alone, without its unit, and within the field's range.

    Why: it is summed and compared. The unit is the field's: person-days, minutes, the pool's currency.

    Bad:
        pool/customers/acme.md
            ---
            id: acme
            name: Acme
            tier: mid
            status: active
            arr: 48万
                 ^^^
            ---

    Good:
        pool/customers/acme.md
            ---
            id: acme
            name: Acme
            tier: mid
            status: active
            arr: 480000
            ---

    Fix: write digits only, with a point for fractions.
    """,
    reading.UNKNOWN_KEY: """
    An entry has only keys of its kind: the built-in ones, and those that `tobkit.toml` adds.

    Why: a misspelt key is a value that is nowhere shown.

    Bad:
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: live
            replacedby: e-invoicing
            ^^^^^^^^^^
            ---

    Good:
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: live
            replaced_by: e-invoicing
            ---

    Fix: write the key that the message guesses, or add a field of your own: `[fields.KIND.NAME]` in tobkit.toml.
    """,
    reading.BAD_ID: """
    An id has its kind's form: `REQ-` (`NOTE-`, `PRM-`, `INC-`, `XCH-`) and six of the characters 0-9 and a-z without
    i, l, o and u; for customers, modules and organisations letters of any script, digits and `-`.

    Why: ids stand in file names, addresses and references, so they are short, without spaces and can't be misread.

    Bad:
        pool/modules/export tool.md
            ---
            id: export tool
                ^^^^^^^^^^^
            name: Export
            status: live
            ---

    Good:
        pool/modules/export-tool.md
            ---
            id: export-tool
            name: Export
            status: live
            ---

    Fix: `tobkit new` draws an id; for a name replace the spaces by `-`. Rename the file alike.
    """,
    reading.KEY_SPELLING: """
    Keys are written by their canonical names.

    Why: labels such as `状态` are understood, but other tools and searches look for `status`.

    Bad:
        pool/modules/export.md
            ---
            id: export
            name: Export
            状态: live
            ^^
            ---

    Good:
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: live
            ---

    Fix: `tobkit check --fix` writes the canonical name.
    """,
    reading.VALUE_SPELLING: """
    Values are written in their canonical form: `accepted` for `已受理`, `2026-03-05` for `2026/3/5`.

    Why: the others are understood, but one form is easier to search and to compare.

    Bad:
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: 在用
                    ^^
            ---

    Good:
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: live
            ---

    Fix: `tobkit check --fix` writes the canonical form.
    """,
    reading.SINGLE_VALUE: """
    What takes a list is written as a list, also with one item.

    Why: it is understood, but a second item would be added in the wrong place.

    Bad:
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: live
            aliases: 导出
                     ^^
            ---

    Good:
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: live
            aliases:
              - 导出
            ---

    Fix: `tobkit check --fix` writes it as a list.
    """,
    reading.BAD_BOOLEAN: """
    Yes or no is `true` or `false`; `yes`, `no`, `是` and `否` are understood.

    Why: whether a customer agrees to be named is no matter of interpretation.

    Bad:
        pool/customers/acme.md
            ---
            id: acme
            name: Acme
            tier: mid
            status: active
            case_consent: perhaps
                          ^^^^^^^
            ---

    Good:
        pool/customers/acme.md
            ---
            id: acme
            name: Acme
            tier: mid
            status: active
            case_consent: true
            ---

    Fix: write `true` or `false`, or delete the line where it isn't known.
    """,
    reading.PATTERN: """
    A value has the form that `tobkit.toml` asks for (`pattern`).

    Why: another system finds it by exactly this form.

    Bad:
        tobkit.toml
            [fields.module.repository]
            pattern = "^git@"
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: live
            repository: example/export
                        ^^^^^^^^^^^^^^
            ---

    Good:
        tobkit.toml
            [fields.module.repository]
            pattern = "^git@"
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: live
            repository: git@example:export
            ---

    Fix: correct the value; where the form itself is wrong, correct `pattern` in tobkit.toml.
    """,
    load.DUPLICATE_ID: """
    Every id stands in one file.

    Why: otherwise nobody knows which entry a reference means. Two branches can draw the same id, or a file was copied.

    Bad:
        pool/modules/export.md
            ---
            id: export
                ^^^^^^
            name: Export
            status: live
            ---
        pool/modules/old/export.md
            ---
            id: export
            name: Export
            status: live
            ---

    Good:
        pool/modules/export.md
            ---
            id: export
            name: Export
            status: live
            ---
        pool/modules/old/export-2024.md
            ---
            id: export-2024
            name: Export
            status: live
            ---

    Fix: give one of them a new id: `tobkit renumber FILE`. For customers, modules and organisations: write another id and
    rename the file.
    """,
}

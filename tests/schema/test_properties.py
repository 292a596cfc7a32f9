"""What holds for any configuration and any file: no traceback, a sound rest, one meaning whatever the form."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tobkit.model.config import Config
from tobkit.model.diagnostics import Severity
from tobkit.model.faults import team_faults
from tobkit.model.schema import KindSchema, build_schema
from tobkit.store.frontmatter import read_document, written
from tobkit.store.load import load
from tobkit.store.reading import Reader
from tobkit.store.workspace import open_workspace, read_config

# Configurations, mostly of what tobkit knows, at times of what it doesn't

SOME_WORDS = (
    "requirement customer note rfc title Title date status Status id x y a-b 合同号 new triaged Draft Done* * text list "
    "reference file folder . docs docs/rfcs ../x files .x {id}.md *.md **/{id}/*.md !x ! {heading} {file} {nothing} "
    "2026-03-05 REQ RFC , ( ^a$ [ module reason aliases name copy"
)
WORDS = st.sampled_from(SOME_WORDS.split())
SCALARS = st.one_of(WORDS, st.booleans(), st.integers(-3, 10**20), st.floats(), st.just(""))
LISTS = st.lists(SCALARS, max_size=3)
LABELS = st.dictionaries(st.sampled_from(["zh", "en", "fr"]), WORDS, max_size=2)


def table(**values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Any of these keys, at times with values that aren't meant for them, or one that nobody knows."""
    optional = {name: st.one_of(value, value, value, SCALARS, LISTS) for name, value in values.items()}
    return st.fixed_dictionaries({}, optional={**optional, "odd": SCALARS})


FIELD = table(
    type=st.sampled_from(["text", "integer", "number", "boolean", "date", "list", "reference", "any", "txt"]),
    required=st.one_of(st.booleans(), st.lists(WORDS, max_size=2)),
    choices=st.one_of(st.lists(WORDS, max_size=3), st.dictionaries(WORDS, LABELS, max_size=2)),
    pattern=st.sampled_from(["^a", "(", "[0-9]+", "x{9999}{9999}"]),
    minimum=st.one_of(st.integers(-2, 2), st.floats()),
    maximum=st.one_of(st.integers(-2, 2), st.floats()),
    unique=st.booleans(),
    acyclic=st.booleans(),
    default=st.one_of(SCALARS, LISTS, st.dates()),
    separator=WORDS,
    label=LABELS,
    kind=WORDS,
)
FIELDS = st.dictionaries(WORDS, FIELD, max_size=3)
KIND = table(
    folder=WORDS,
    files=st.one_of(WORDS, st.lists(WORDS, max_size=2)),
    prefix=WORDS,
    id=st.sampled_from(["key", "file", "folder"]),
    keys=st.dictionaries(WORDS, WORDS, max_size=3),
    statuses=st.one_of(st.lists(WORDS, max_size=3), st.dictionaries(WORDS, st.one_of(WORDS, LABELS), max_size=3)),
    optional=st.lists(WORDS, max_size=2),
    missing=st.dictionaries(WORDS, WORDS, max_size=2),
    separator=WORDS,
    label=LABELS,
    fields=FIELDS,
)
CONFIGS = st.fixed_dictionaries(
    {},
    optional={
        "fields": st.dictionaries(WORDS, FIELDS, max_size=2),
        "kinds": st.dictionaries(WORDS, KIND, max_size=3),
        "pool": table(path=WORDS),
        "workflow": table(
            statuses=st.dictionaries(WORDS, table(stands_for=WORDS, label=LABELS), max_size=2),
            transitions=st.dictionaries(WORDS, st.lists(WORDS, max_size=2), max_size=2),
        ),
    },
)


def toml(value: Any) -> str:
    """A value as TOML in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quoted(key)} = {toml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return quoted(value) if isinstance(value, str) else str(value)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def as_file(tables: dict[str, Any]) -> str:
    return "".join(f"{key} = {toml(value)}\n" for key, value in tables.items())


SOME_FILES = {
    "pool/requirements/REQ-00000a.md": b"---\nid: REQ-00000a\ntitle: x\ndate: 2026-03-05\nstatus: new\n---\n",
    "pool/docs/rfcs/a.md": b"---\nTitle: a\nStatus: Done\nx: [a: b]\n---\n# Heading\n",
    "docs/x/y/a.md": b"---\nx: {a: b}\n---\n",
    "pool/x/b.md": b"\xff\n",
    "c.md": b"---\n---\n",
}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CONFIGS)
def test_whatever_a_configuration_says_its_rest_is_sound(tables: dict[str, Any]) -> None:
    config, found = read_config(as_file(tables).encode())
    assert team_faults(config) == []
    schema = build_schema(config)
    for each in found:
        assert each.code in ("TOB191", "TOB192")
        assert each.span.line >= 1
        assert str(each.help)
    if not found:
        assert set(schema.kinds) >= {*tables.get("kinds", {})}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables=CONFIGS)
def test_whatever_a_configuration_says_a_pool_is_loaded(tmp_path_factory: Any, tables: dict[str, Any]) -> None:
    root: Path = tmp_path_factory.mktemp("pool")
    for path, data in {**SOME_FILES, "tobkit.toml": as_file(tables).encode()}.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    found = load(open_workspace(root))
    for diagnostic in found.diagnostics:
        assert str(diagnostic.message)
    for entry in found.entries:
        assert (root / entry.path).is_file()


# Reading

ADOPTED = build_schema(
    Config.model_validate(
        {
            "kinds": {
                "requirement": {
                    "prefix": "",
                    "keys": {"Nr": "id", "Name": "title", "Created": "date", "State": "status", "See also": "related"},
                    "statuses": {"Open": "new", "Closed*": "declined"},
                    "separator": ",",
                    "missing": {"title": "{heading}", "tags": "{file}"},
                    "fields": {"Extra": {"type": "any"}, "Pairs": {"type": "list"}, "Day": {"type": "date"}},
                }
            }
        }
    )
)["requirement"]
NORMAL = build_schema(Config())["requirement"]


def reading(kind: KindSchema, data: bytes) -> tuple[Any, list[Any]]:
    found: list[Any] = []
    document = read_document(data)
    found += [problem.at("x/y.md") for problem in document.problems]
    return Reader(kind, "x/y.md", document, found).read(), found


@settings(deadline=None)
@given(st.binary(max_size=200).map(lambda tail: b"---\nNr: 1\n" + tail + b"\n---\n"))
def test_any_bytes_are_read(data: bytes) -> None:
    for kind in (ADOPTED, NORMAL):
        entry, found = reading(kind, data)
        assert entry is not None or found


NAMES = st.text("abc导出 .-", min_size=1, max_size=8).map(str.strip).filter(bool)
FOREIGN: dict[str, tuple[str, st.SearchStrategy[Any]]] = {
    "Name": ("title", NAMES),
    "Created": ("date", st.dates().map(str)),
    "State": ("status", st.just("Open")),
    "See also": ("related", st.lists(st.sampled_from(["7", "8", "9"]), min_size=1, unique=True)),
    "tags": ("tags", st.lists(NAMES, min_size=1, unique=True)),
    "reason": ("reason", NAMES),
}


@settings(deadline=None)
@given(st.fixed_dictionaries({key: values for key, (_, values) in FOREIGN.items()}), st.randoms(), st.booleans())
def test_an_entry_says_the_same_in_any_form(values: dict[str, Any], order: Any, in_one_line: bool) -> None:
    """Other keys, any order, lists in one line: what is read is what the normal form says."""
    keys = [*values]
    order.shuffle(keys)
    given_values = {
        key: ", ".join(values[key]) if in_one_line and isinstance(values[key], list) else values[key] for key in keys
    }
    foreign = ["Nr: 1", *(line for key in keys for line in written(key, given_values[key]))]
    normal = ["id: REQ-00000a"]
    for key, (name, _) in FOREIGN.items():
        normal += written(name, "new" if key == "State" else values[key])
    adopted, faults = reading(ADOPTED, file_of(foreign))
    plain, others = reading(NORMAL, file_of(normal))
    assert [each for each in faults if each.severity is Severity.ERROR] == []
    assert others == []
    for name in {name for name, _ in FOREIGN.values()} - {"status"}:
        assert getattr(adopted, name) == getattr(plain, name)
    assert adopted.status == "Open"


def file_of(lines: list[str]) -> bytes:
    return "\n".join(["---", *lines, "---", ""]).encode()


@settings(deadline=None)
@given(
    st.recursive(NAMES, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)))
)
def test_anything_may_stand_where_anything_may(value: Any) -> None:
    import json

    entry, found = reading(
        ADOPTED, file_of(["Nr: 1", "Name: x", "Created: 2026-03-05", "State: Open", f"Extra: {json.dumps(value)}"])
    )
    assert found == []
    assert entry.extra is None or isinstance(entry.extra, str)
    flat: Callable[[Any], list[str]] = lambda each: (  # noqa: E731
        [each]
        if isinstance(each, str)
        else [text for part in (each if isinstance(each, list) else each.values()) for text in flat(part)]
    )
    for text in flat(value):
        assert text in entry.extra

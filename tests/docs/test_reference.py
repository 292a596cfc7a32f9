"""The reference pages name what the code has, all of it and nothing else."""

import re
import tomllib
from collections.abc import Iterator
from importlib import import_module

import click
import pytest
import yaml
from pydantic import BaseModel

from docs import rules
from tests.docs.pages import LANGUAGES, ROOT, Page, codes, rows
from tobkit.cli import COMMANDS
from tobkit.dedupe import THRESHOLD
from tobkit.model import kinds
from tobkit.model.config import SIGNALS, Config
from tobkit.model.fields import Choices
from tobkit.model.schema import FieldSpec, build_schema
from tobkit.site.bodies import TYPES
from tobkit.site.markdown import EXTENSIONS
from tobkit.store.workspace import read_config

SCHEMA = build_schema(Config())

WITHOUT_EFFECT = {"site.languages", "site.base_url", "site.publish"}
"""Keys that tobkit takes and nothing reads yet: whoever makes one work takes it out here and describes it."""


def page(language: str, name: str) -> Page:
    return Page(f"docs/{language}/{name}.md")


# Commands


def command(name: str) -> click.Command:
    found: click.Command = getattr(import_module(f"tobkit.cli.{COMMANDS[name][0]}"), f"{name}_command")
    return found


def options(name: str) -> dict[str, click.Option]:
    return {max(param.opts, key=len): param for param in command(name).params if isinstance(param, click.Option)}


COMMON = set.intersection(*(set(options(name)) for name in COMMANDS))


@pytest.mark.parametrize("language", LANGUAGES)
class TestCommands:
    def test_every_command_has_a_section_that_says_how_it_is_called(self, language: str) -> None:
        usages = []
        for name in COMMANDS:
            pieces = command(name).collect_usage_pieces(click.Context(command(name)))
            usages.append(" ".join(filter(None, ["tobkit", name, *pieces[1:]])))
        shown = [text.strip("`") for _, text in page(language, "commands").headings if text.startswith("`tobkit")]
        assert sorted(shown) == sorted(usages)

    @pytest.mark.parametrize("name", COMMANDS)
    def test_its_options_are_those_that_the_command_has(self, language: str, name: str) -> None:
        section = page(language, "commands").section(f"`tobkit {name}")
        described = {}
        for first, *_ in rows(section):
            marks = codes(first)
            described[next(mark for mark in marks if mark.startswith("--")).split()[0]] = marks
        own = {option: param for option, param in options(name).items() if option not in COMMON}
        assert set(described) == set(own)
        for option, param in own.items():
            assert {mark.split()[0] for mark in described[option] if mark.startswith("-")} == set(param.opts)
            if isinstance(param.type, click.Choice):
                assert [mark for mark in described[option] if not mark.startswith("-")] == list(param.type.choices)
            elif not param.is_flag:
                placeholder = next((mark.split()[1] for mark in described[option] if " " in mark), "")
                assert placeholder == param.make_metavar(click.Context(command(name)))

    def test_the_common_options_are_described_once(self, language: str) -> None:
        text = page(language, "commands").text.partition("## `tobkit init")[0]
        named = {mark.split()[0] for first, *_ in rows(text) for mark in codes(first) if mark.startswith("--")}
        assert named == COMMON | {"--help"}

    def test_no_page_shows_a_command_or_option_that_isnt_there(self, language: str) -> None:
        pages = [
            *(ROOT / "docs" / language).glob("*.md"),
            ROOT / {"en": "README.md", "zh": "README.zh-CN.md"}[language],
        ]
        for file in pages:
            text = file.read_text(encoding="utf-8")
            for line in [
                *codes(text.replace("```", "")),
                *re.findall(r"^(?:\$|- run:) (tobkit .*)$", text, re.MULTILINE),
            ]:
                found = re.match(r"tobkit ([a-z]+)(.*)", line)
                if not found:
                    continue
                assert found[1] in COMMANDS, f"{file.name}: {line}"
                known = {option for param in command(found[1]).params for option in param.opts} | {"--help"}
                used = set(re.findall(r"(?<!\S)--?[a-z][a-z-]*", found[2].partition(" > ")[0]))
                assert used <= known, f"{file.name}: {line}"


# Format


def fields() -> Iterator[tuple[str, str, FieldSpec]]:
    """(folder, key, field) for all kinds, the keys of a mapping too."""
    for kind in SCHEMA.kinds.values():
        for spec in kind.fields.values():
            yield kind.folder, spec.name, spec
            for part in spec.parts:
                yield kind.folder, f"{spec.name}.{part.name}", part


@pytest.mark.parametrize("language", LANGUAGES)
class TestFormat:
    def test_the_fields_are_those_of_the_model_in_their_order(self, language: str) -> None:
        described = [
            (kind.folder, codes(row[0])[0])
            for kind in SCHEMA.kinds.values()
            for row in rows(page(language, "format").section(f"`{kind.folder}/`"))
        ]
        assert described == [(folder, key) for folder, key, _ in fields()]

    def test_each_has_its_labels_its_values_and_whether_it_is_required(self, language: str) -> None:
        text = page(language, "format")
        described = {
            (kind.folder, codes(row[0])[0]): row
            for kind in SCHEMA.kinds.values()
            for row in rows(text.section(f"`{kind.folder}/`"))
        }
        for folder, key, spec in fields():
            first, labels, holds, *_ = described[folder, key]
            assert codes(labels) == [spec.label.zh, *spec.label.also, spec.label.en], (folder, key)
            assert first.startswith("**") == spec.required, (folder, key)
            if spec.choices:
                assert codes(holds) == list(spec.choices), (folder, key)

    def test_every_value_has_its_labels(self, language: str) -> None:
        shown = " · ".join(
            cells[1] for cells in rows(page(language, "format").section({"en": "Values", "zh": "取值"}[language]))
        )
        listed = [re.fullmatch(r"`([\w-]+)` (.+?)(?:, |，)(.+)", item) for item in shown.split(" · ")]
        assert all(listed)
        described = sorted((found[1], found[2], found[3]) for found in listed if found)
        every = [value for value in vars(kinds).values() if isinstance(value, Choices)]
        assert described == sorted(
            (name, label.zh, label.en) for choices in every for name, label in choices.labels.items()
        )

    def test_the_kinds_of_attachments_are_named(self, language: str) -> None:
        text = page(language, "format").text
        assert all(kind.removeprefix(".") in text for kind in TYPES if kind != ".jpeg")


# Configuration


def keys(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[str]:
    """Every key of the configuration, with the names that a team gives in capitals."""
    for name, info in model.model_fields.items():
        inner, own = table_in(info.annotation)
        here = (*path, name)
        if inner is None:
            yield ".".join(here)
        elif inner is not model:
            yield from keys(inner, (*here, *own))


def table_in(annotation: object) -> tuple[type[BaseModel] | None, tuple[str, ...]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, ()
    arguments = getattr(annotation, "__args__", ())
    if getattr(annotation, "__origin__", None) is dict:
        inner, own = table_in(arguments[1])
        return inner, ("NAME", *own)
    return None, ()


def known_keys() -> set[str]:
    named = (
        key.replace("people.NAME", "people.ID")
        .replace("fields.NAME.NAME", "fields.KIND.NAME")
        .replace("check.paths.NAME", "check.paths.GLOB")
        for key in keys(Config)
    )
    return {key for key in named if not key.startswith("kinds.NAME.fields")}


@pytest.mark.parametrize("language", LANGUAGES)
class TestConfiguration:
    def test_every_key_that_works_is_described_and_no_other(self, language: str) -> None:
        described = {codes(first)[0] for first, *_ in rows(page(language, "configuration").text)}
        assert described == known_keys() - WITHOUT_EFFECT
        assert known_keys() >= WITHOUT_EFFECT

    def test_the_examples_are_right(self, language: str) -> None:
        for text in [*page(language, "configuration").blocks("toml"), *page(language, "format").blocks("toml")]:
            assert tomllib.loads(text)
            _, faults = read_config(text.encode())
            assert not faults, faults

    def test_the_signals_are_those_of_the_ranking_with_their_weights(self, language: str) -> None:
        found = [row for row in rows(page(language, "ranking").text) if len(row) == 4 and codes(row[0])]
        weights = {codes(row[0])[0]: float(row[1]) for row in found if codes(row[0])[0] in SIGNALS}
        assert weights == SIGNALS
        (row,) = (row for row in rows(page(language, "configuration").text) if codes(row[0])[:1] == ["rank.weights"])
        assert codes(row[2]) == list(SIGNALS)

    def test_the_threshold_is_that_of_the_search_for_duplicates(self, language: str) -> None:
        (row,) = (row for row in rows(page(language, "configuration").text) if codes(row[0]) == ["dedupe.threshold"])
        assert row[1] == f"{THRESHOLD:g}"
        assert f" {THRESHOLD:g}" in page(language, "commands").section("`tobkit dedupe")

    def test_the_extensions_that_are_named_exist(self, language: str) -> None:
        (row,) = (row for row in rows(page(language, "configuration").text) if "markdown_extensions" in row[0])
        assert set(re.findall(r'"(\w+)"', row[2])) <= set(EXTENSIONS)


# Rules and workflows


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_rules_is_what_the_rules_say(language: str) -> None:
    assert page(language, "rules").text == rules.page(language), "python docs/rules.py writes it anew"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workflow_of_the_page_is_one_and_pins_what_ours_pins(language: str) -> None:
    (text,) = page(language, "ci").blocks("yaml")
    assert set(yaml.safe_load(text)["jobs"]) == {"check", "build", "deploy"}
    ours = (ROOT / ".github/workflows/publish.yml").read_text(encoding="utf-8")
    used = re.findall(r"uses: (.+)", text)
    assert used
    assert all(f"uses: {one}\n" in ours for one in used)

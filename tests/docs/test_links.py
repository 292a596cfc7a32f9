"""Links lead somewhere, and both languages tell the same."""

from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.docs.pages import GUIDE, PAGES, ROOT, Page, anchor, codes, rows

PAIRS = [("README.md", "README.zh-CN.md"), *((f"docs/en/{name}", f"docs/zh/{name}") for name in GUIDE["en"])]


@pytest.mark.parametrize("path", PAGES)
def test_every_link_and_picture_of_ours_is_there(path: str) -> None:
    page = Page(path)
    for link in page.links:
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        target, _, fragment = unquote(link).partition("#")
        file = (page.file.parent / target).resolve() if target else page.file
        assert file.exists(), f"{path}: {link}"
        assert file.is_relative_to(ROOT), f"{path}: {link}"
        if fragment:
            assert fragment in Page(file.relative_to(ROOT).as_posix()).anchors, f"{path}: {link}"


def test_every_page_can_be_reached() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        file = waiting.pop()
        if file in seen or file.suffix != ".md":
            continue
        seen.add(file)
        links = [unquote(link).partition("#")[0] for link in Page(file.relative_to(ROOT).as_posix()).links]
        waiting += [(file.parent / link).resolve() for link in links if link and "://" not in link]
    assert {ROOT / path for path in PAGES if path.startswith(("README", "docs/"))} - {ROOT / "docs/README.md"} <= seen


def test_both_languages_have_the_same_pages() -> None:
    assert GUIDE["en"] == GUIDE["zh"]


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
class TestLanguages:
    def test_the_same_headings(self, english: str, chinese: str) -> None:
        assert [level for level, _ in Page(english).headings] == [level for level, _ in Page(chinese).headings]

    def test_the_same_tables(self, english: str, chinese: str) -> None:
        tables = [rows(Page(path).text) for path in (english, chinese)]
        assert len(tables[0]) == len(tables[1])
        for one, other in zip(*tables, strict=True):
            assert len(one) == len(other)
            assert codes(one[0])[:1] == codes(other[0])[:1]

    def test_the_same_links(self, english: str, chinese: str) -> None:
        targets = [
            sorted(link.partition("#")[0] for link in Page(path).links if not link.startswith("docs/images"))
            for path in (english, chinese)
        ]
        swapped = [
            link.replace("docs/en", "docs/zh").replace("/README.md", "/README.zh-CN.md")
            if english == "README.md"
            else link
            for link in targets[0]
        ]
        assert len(swapped) == len(targets[1])
        assert {Path(link).name.replace(".zh-CN", "") for link in swapped} == {
            Path(link).name.replace(".zh-CN", "") for link in targets[1]
        }


def test_anchors_are_as_code_hosts_make_them() -> None:
    assert anchor("`tobkit init [DIR]`") == "tobkit-init-dir"
    assert anchor("site：站点") == "site站点"
    assert anchor("What stops what") == "what-stops-what"

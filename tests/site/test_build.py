"""A site on disk: written beside and put in place at once, with a report."""

import pytest

from tests.site.pools import TODAY, Workspace, company, make_pool
from tobkit.site.build import build_site
from tobkit.site.publish import NotOurs


def build(root, output, **options):
    return build_site(make_pool(company()), (), today=TODAY, workspace=Workspace(root), output=output, **options)


def on_disk(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_site_is_written_and_written_again(tmp_path):
    (tmp_path / "pool").mkdir()
    output = tmp_path / "site"
    report = build(tmp_path, output)
    first = on_disk(output)
    assert report.output == output
    assert report.pages == len([path for path in first if path.endswith(".html")])
    assert report.files == len([path for path in first if not path.startswith(".")])
    assert {"index.html", "customer/华东商贸.html", "assets/style.css", "data/rows-0.js"} <= first.keys()
    build(tmp_path, output)
    assert on_disk(output) == first


def test_the_language_can_be_chosen(tmp_path):
    build(tmp_path, tmp_path / "site", language="en")
    assert '<html lang="en"' in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")


def test_a_folder_of_somebody_else_stays(tmp_path):
    output = tmp_path / "site"
    output.mkdir()
    (output / "thesis.txt").write_text("mine")
    with pytest.raises(NotOurs):
        build(tmp_path, output)
    assert on_disk(output) == {"thesis.txt": b"mine"}

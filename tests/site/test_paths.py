"""File names of pages: sound on every system, and one for each id."""

import unicodedata
from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from tests.site.pools import customer, make_pool, req
from tobkit.site.paths import LONGEST, RESERVED, UNSOUND, Paths, file_name, file_names

IDS = st.sets(st.text(min_size=1, max_size=40), max_size=12)


def test_letters_of_any_script_stay():
    assert file_name("华东商贸") == "华东商贸"
    assert file_name("REQ-7f3kq2") == "REQ-7f3kq2"


def test_decomposed_letters_are_composed():
    assert file_name(unicodedata.normalize("NFD", "café")).startswith("café")


def test_what_systems_refuse_is_marked():
    for refused in ("con", "NUL", "aux.x", "a/b", "a:b", "dot.", "x" * 300):
        name = file_name(refused)
        assert name != refused
        assert not RESERVED.match(name)
        assert len(name.encode()) < 200


def test_ids_that_differ_by_case_only_get_two_files():
    names = file_names(["Acme", "acme", "ACME"])
    assert len({name.casefold() for name in names.values()}) == 3
    assert names["ACME"] == "ACME"


@given(IDS)
def test_every_id_has_a_file_of_its_own(ids):
    names = file_names(ids)
    assert len({name.casefold() for name in names.values()}) == len(ids)
    assert not [name for name in names.values() if UNSOUND.search(name)]
    assert all(len(name.encode()) <= LONGEST + 20 for name in names.values())


def test_links_are_percent_encoded():
    paths = Paths(make_pool([customer("华东商贸"), req("aaaaaa")]))
    href = paths.href("customer", "华东商贸")
    assert href.isascii()
    assert unquote(href) == paths.page("customer", "华东商贸") == "customer/华东商贸.html"
    assert paths.href("requirement", "REQ-aaaaaa") == "requirement/REQ-aaaaaa.html"
    assert paths.href("customer", "nobody") == ""
    assert paths.href("customer", None) == ""

"""Edit links in the shapes of the code hosts."""

import pytest

from tobkit.site.repository import Repository

PATH = "pool/requirements/REQ-7f3kq2-导出.md"
QUOTED = "pool/requirements/REQ-7f3kq2-%E5%AF%BC%E5%87%BA.md"


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://github.com/acme/pool", "https://github.com/acme/pool/edit/main/"),
        ("https://github.com/acme/pool.git", "https://github.com/acme/pool/edit/main/"),
        ("https://github.com/acme/pool/", "https://github.com/acme/pool/edit/main/"),
        ("https://github.com/acme/all/tree/trunk/needs", "https://github.com/acme/all/edit/trunk/needs/"),
        ("https://gitlab.com/acme/group/pool", "https://gitlab.com/acme/group/pool/-/edit/main/"),
        ("https://code.acme.example/a/b/-/tree/dev", "https://code.acme.example/a/b/-/edit/dev/"),
        ("https://gitee.com/acme/pool", "https://gitee.com/acme/pool/edit/main/"),
    ],
)
def test_shapes(address, link):
    assert Repository.of(address).edit(PATH) == link + QUOTED


@pytest.mark.parametrize("address", ["", "git@github.com:acme/pool.git", "javascript:alert(1)", "not an address"])
def test_no_address_of_the_web_gives_no_link(address):
    assert Repository.of(address).edit(PATH) == ""

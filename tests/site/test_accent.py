"""Whatever colour a team chooses, links in it can be read."""

from hypothesis import given
from hypothesis import strategies as st

from tests.site.pools import company, files, make_site
from tobkit.site.accent import ENOUGH, GROUNDS, accents, contrast

COLOURS = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


@given(COLOURS)
def test_enough_contrast_on_both_grounds(colour):
    for accent, ground in zip(accents(colour), GROUNDS, strict=True):
        assert contrast(accent, ground) >= ENOUGH


def test_a_readable_colour_stays():
    assert accents("#1a3d8f")[0] == "#1a3d8f"


def test_the_standard_contrast():
    """The examples of WCAG: black on white is 21, equal colours are 1."""
    assert round(contrast("#000000", "#ffffff"), 6) == 21
    assert contrast("#777777", "#777777") == 1


def test_it_reaches_the_style_sheet(tmp_path):
    style = files(make_site(company(), tmp_path, config={"site": {"accent": "#8f1a3d"}}))["assets/style.css"].decode()
    assert "--accent-light: #8f1a3d" in style

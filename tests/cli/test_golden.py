"""What the commands say about a small pool, word for word, in both languages.

`TOBKIT_UPDATE_GOLDEN=1` writes the files anew; look at the difference before it is committed.
"""

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Tobkit

GOLDEN = Path(__file__).parents[1] / "golden"
COMMANDS = {
    "check": ["check"],
    "rank": ["rank"],
    "explain": ["rank", "--explain", "REQ-00000a"],
    "dedupe": ["dedupe"],
    "show-requirement": ["show", "REQ-00000a"],
    "show-merged": ["show", "REQ-00000c"],
    "show-customer": ["show", "华东商贸"],
    "show-module": ["show", "开票"],
    "show-exchange": ["show", "XCH-00000a"],
}


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(GOLDEN / "small", tmp_path / "small")
    monkeypatch.chdir(tmp_path / "small")


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", COMMANDS)
def test_the_words_are_as_they_were(tobkit: Tobkit, name: str, language: str) -> None:
    shown = tobkit(*COMMANDS[name], "--today", "2026-06-30", "--language", language).out
    if name == "dedupe":  # how alike they are is for the tests of dedupe
        shown = re.sub(r"^0\.\d\d", "0.xx", shown, flags=re.MULTILINE)
    shown = re.sub(r" in \d+\.\d\d s|，用时 \d+\.\d\d 秒", "", shown)
    file = GOLDEN / "small.out" / f"{name}.{language}.txt"
    if os.environ.get("TOBKIT_UPDATE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(shown, "utf-8", newline="\n")
    assert shown == file.read_text("utf-8")

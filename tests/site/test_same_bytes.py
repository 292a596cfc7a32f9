"""The same pool and day give the same bytes, whatever the machine's language, time zone and hash seed."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRINT_DIGEST = """
import sys, tempfile
from pathlib import Path
from tests.site.test_same_bytes import digest
print(digest(Path(tempfile.mkdtemp()), sys.argv[1]))
"""
ENVIRONMENTS = [
    {"PYTHONHASHSEED": "1", "TZ": "Asia/Shanghai", "LC_ALL": "C", "LANG": "zh_CN.UTF-8"},
    {"PYTHONHASHSEED": "2", "TZ": "America/Los_Angeles", "LC_ALL": "C.UTF-8", "TOBKIT_LANGUAGE": "en"},
]


def digest(folder, language):
    from tests.site.pools import company, files, make_site, req

    more = [req(f"zzzz{n:02}", title=f"Need {n}", tags=("b", "a", f"t{n}")) for n in range(30)]
    found = hashlib.sha256()
    for path, content in sorted(files(make_site([*more, *company()], folder, language)).items()):
        found.update(path.encode() + b"\0" + content + b"\0")
    return found.hexdigest()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_in_other_surroundings(tmp_path, language):
    prints = {digest(tmp_path, language)}
    for environment in ENVIRONMENTS:
        ran = subprocess.run(
            [sys.executable, "-c", PRINT_DIGEST, language],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            capture_output=True,
            text=True,
            check=True,
        )
        prints.add(ran.stdout.strip())
    assert len(prints) == 1


def test_in_another_order_of_files(tmp_path):
    from tests.site.pools import company, files, make_site

    assert files(make_site(company(), tmp_path)) == files(make_site(company()[::-1], tmp_path))

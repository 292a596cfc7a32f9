"""tobkit's command line, run in this process: quick, and with everything it says at hand."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tobkit.cli import run

LOCALE = ("LANG", "LC_ALL", "LC_MESSAGES", "LANGUAGE", "TOBKIT_LANGUAGE", "TOBKIT_OVERLAY", "SOURCE_DATE_EPOCH")


class Result(NamedTuple):
    code: int
    out: str
    err: str


Tobkit = Callable[..., Result]


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine's language or day; messages are in English unless a test asks for Chinese."""
    for name in LOCALE:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TOBKIT_LANGUAGE", "en")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")


@pytest.fixture
def tobkit(capsys: pytest.CaptureFixture[str]) -> Tobkit:
    """Runs a command where the test stands."""

    def call(*arguments: str) -> Result:
        capsys.readouterr()
        code = run(list(arguments))
        out, err = capsys.readouterr()
        return Result(code, out, err)

    return call


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace of a customer, a module and three requirements, in which the test stands."""
    root = tmp_path / "pool-of-ours"
    for path, text in FILES.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")
    monkeypatch.chdir(root)
    return root


FILES = {
    "tobkit.toml": """\
[pool]
regions = ["华东", "海外"]

[site]
language = "en"

[people.lilei]
name = "李蕾"
team = "product"
""",
    "pool/customers/acme.md": """\
---
id: acme
name: Acme Trading
tier: ka
status: active
arr: 1200000
aliases:
  - 阿克米
---
""",
    "pool/modules/export.md": """\
---
id: export
name: 数据导出
status: live
---
""",
    "pool/requirements/REQ-00000a-bulk-export.md": """\
---
id: REQ-00000a
title: Bulk export of invoices
date: 2026-03-05
status: new
customers: # who asked
  - acme
tags:
  - export
---

Finance downloads three thousand invoices one by one every month.
""",
    "pool/requirements/REQ-00000b-批量导出.md": """\
---
id: REQ-00000b
title: 批量导出发票
date: 2026-03-06
status: new
---

财务每个月要逐张下载三千张发票，希望能一次导出。
""",
    "pool/requirements/REQ-00000c-dark.md": """\
---
id: REQ-00000c
title: Dark mode
date: 2026-03-07
status: new
---

One person asked for a dark theme in the invoice list at night.
""",
}

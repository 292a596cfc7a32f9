"""Small workspaces for the rules' tests."""

import re
import textwrap
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from tobkit.check import check
from tobkit.model.base import Base
from tobkit.model.diagnostics import Diagnostic
from tobkit.store.load import load
from tobkit.store.workspace import open_workspace

TODAY = date(2026, 7, 1)
BEFORE = " (before)"

CONFIG = """
[pool]
regions = ["华东", "华南", "华北"]
[people.lilei]
name = "李蕾"
team = "product"
[people.zhaoqiang]
name = "赵强"
team = "sales"
[people.nobody]
name = "Nobody"
"""

DEFAULTS = {
    "requirements": {"title": "Export invoices", "date": "2026-02-01", "status": "new"},
    "notes": {"date": "2026-02-02", "source": "sales", "customer": "acme"},
    "customers": {"tier": "mid", "status": "active"},
    "modules": {"name": "A module", "status": "live"},
    "promises": {
        "date": "2026-02-03",
        "by": "zhaoqiang",
        "customer": "acme",
        "requirement": "REQ-00000z",
        "due": "2026-12-31",
        "status": "open",
    },
    "incidents": {"date": "2026-02-04", "title": "Down", "severity": "sev1", "status": "resolved"},
    "organisations": {"relation": "competitor"},
    "exchanges": {"date": "2026-02-05", "organisation": "piaoshui", "direction": "got", "what": "A lead"},
}

BODY = "At month end the accountants download three thousand invoices one by one; it takes them two days."

SOUND = {
    "customers/acme.md": ["name: Acme"],
    "customers/华东商贸.md": ["name: 华东商贸有限公司", "aliases: [华东贸易]"],
    "modules/e-invoicing.md": ["name: E-invoicing"],
    "organisations/piaoshui.md": ["name: 票税通"],
    "requirements/REQ-00000z.md": ["status: accepted", "module: e-invoicing", "owner: lilei"],
}


def file_text(path: str, lines: list[str]) -> str:
    """A file with these keys, and those that its kind requires besides; what follows a line `---` is its body."""
    folder, _, name = path.partition("/")
    keys, body = (lines[: lines.index("---")], lines[lines.index("---") + 1 :]) if "---" in lines else (lines, None)
    given = {line.partition(":")[0] for line in keys}
    required = {"id": name.removesuffix(".md"), **DEFAULTS[folder]}
    if folder in ("customers", "organisations"):
        required = {"name": required["id"], **required}
    keys = [*keys, *(f"{key}: {value}" for key, value in required.items() if key not in given)]
    return "\n".join(["---", *keys, "---", *([BODY] if body is None else body), ""])


def workspace(folder: Path, files: Mapping[str, list[str] | str], config: str = CONFIG) -> Path:
    """A workspace with the sound entries and these; texts are written as they are."""
    entries = {**SOUND, **files}
    (folder / "tobkit.toml").write_text("\n".join(entries.pop("tobkit.toml", [config])), encoding="utf-8")
    for path, content in entries.items():
        whole = path.startswith("pool/")
        file = folder / path if whole else folder / "pool" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = "\n".join([*map(decoded, content), ""]) if whole else content
        text = textwrap.dedent(lines) if isinstance(lines, str) else file_text(path, lines)
        file.write_text(text, encoding="utf-8", newline="\n")
    return folder


def decoded(line: str) -> str:
    """A line of a rule's example: `<U+0009>` stands for that character, `<99 times [>` for a text repeated."""
    repeated = re.sub(r"<(\d+) times (.+?)>", lambda found: found[2] * int(found[1]), line)
    return re.sub(r"<U\+(\w+)>", lambda found: chr(int(found[1], 16)), repeated)


def findings(
    folder: Path, files: Mapping[str, list[str] | str], config: str = CONFIG, today: date = TODAY
) -> list[Diagnostic]:
    """What `check` finds; files whose path ends in “(before)” are those of the base."""
    before = {path.removesuffix(BEFORE): content for path, content in files.items() if path.endswith(BEFORE)}
    now = {path: content for path, content in files.items() if not path.endswith(BEFORE)}
    loaded = load(open_workspace(workspace(folder, now, config)))
    base = base_of(folder, folder / "before", before, config) if before else None
    return check(loaded.pool, loaded.diagnostics, today=today, base=base, attachments=loaded.attachments)


def base_of(now: Path, folder: Path, files: Mapping[str, list[str] | str], config: str = CONFIG) -> Base:
    """The base that the sound entries and these files are, for the workspace in `now`."""
    folder.mkdir()
    then = {entry.path: entry for entry in load(open_workspace(workspace(folder, files, config))).entries}
    paths = {file.relative_to(root).as_posix() for root in (now, folder) for file in (root / "pool").rglob("*.md")}
    return Base("", {path: then.get(path) for path in paths if content(now / path) != content(folder / path)})


def content(file: Path) -> bytes | None:
    return file.read_bytes() if file.exists() else None


def codes(diagnostics: list[Diagnostic]) -> list[str]:
    return [diagnostic.code for diagnostic in diagnostics]

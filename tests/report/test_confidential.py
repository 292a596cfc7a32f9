"""What a rule finds and nobody should read in a log: keys, passwords, personal data."""

from datetime import date

from tobkit.check import check
from tobkit.messages import translator
from tobkit.model.config import Config
from tobkit.model.kinds import Origin, Requirement
from tobkit.model.pool import Pool
from tobkit.model.schema import build_schema
from tobkit.report import diagnostics as report

TOKEN = "ghp_" + "a1B2c3D4e5F6" * 3
BODY = f"Calls fail with this token: {TOKEN}\nIt is used by the nightly job of three customers."


def test_no_report_repeats_a_secret():
    path = "pool/requirements/REQ-00000a.md"
    front = "id: REQ-00000a\ntitle: Calls fail\ndate: 2026-01-05\nstatus: new\n"
    entry = Requirement(
        id="REQ-00000a",
        title="Calls fail",
        date=date(2026, 1, 5),
        status="new",
        body=BODY,
        origin=Origin(path, front, 7),
    )
    pool = Pool(Config(), build_schema(Config()), [entry])
    found = [each for each in check(pool, (), today=date(2026, 2, 1)) if each.code == "TOB905"]
    assert found
    lines = f"---\n{front}---\n{BODY}".split("\n")
    for language in ("zh", "en"):
        texts = [
            report.text(found, translator(language), files=1, read_line=lambda _path, line: lines[line - 1]),
            report.as_json(found, translator(language), files=1),
            report.github(found, translator(language)),
        ]
        assert not any(TOKEN in text for text in texts)
        assert all("TOB905" in text for text in texts)

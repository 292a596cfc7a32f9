"""Diagnostics as text for a terminal, as JSON, and in the forms that code hosts read.

Each renderer escapes for its own medium: whatever the pool's files hold, nothing in them moves a terminal's cursor,
ends a line, or is taken for a command by the machine that runs a workflow.
"""

from tobkit.report.diagnostics.code_quality import gitlab
from tobkit.report.diagnostics.data import as_json
from tobkit.report.diagnostics.escaping import said, visible
from tobkit.report.diagnostics.sarif_log import sarif
from tobkit.report.diagnostics.summary import SEVERITIES
from tobkit.report.diagnostics.terminal import text
from tobkit.report.diagnostics.workflow import github

__all__ = ["SEVERITIES", "as_json", "github", "gitlab", "said", "sarif", "text", "visible"]

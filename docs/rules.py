"""Writes docs/en/rules.md and docs/zh/rules.md from the rules' own documentation: `python docs/rules.py`."""

from pathlib import Path

from tobkit.messages import LANGUAGES, translator
from tobkit.report.rules import reference

HEADS = {
    "en": """
<!-- Made by docs/rules.py from the rules themselves; change it there. -->
# The rules

Everything that `tobkit check` can find. `tobkit check --explain TOB203` shows the same at your prompt, `tobkit check --show-rules` the list with
the severities of your workspace. How to read a finding, and how to change or silence rules, is described in [Checking](checking.md).

A path such as `requirements/REQ-00000a.md` in an example stands for the lines of that file which matter; one that begins with `pool/`, `overlay/` or
`tobkit.toml` is the whole file. There `<U+0009>` is the character with that code point, `<0xB7>` a byte, `<99 times [>` that sign so many times.
`^` marks what is found; without it, it is the whole file.

\\* can't be changed or ignored: an entry with such a fault can't be used.
""",
    "zh": """
<!-- 由 docs/rules.py 根据规则本身生成；要改请改规则。 -->
# 规则

`tobkit check` 能发现的全部问题。命令行里用 `tobkit check --explain TOB203` 看同样的说明，`tobkit check --show-rules` 列出全部规则和你们工作区里的级别。
结果怎么看、规则怎么改怎么忽略，见[检查](checking.md)。

例子里像 `requirements/REQ-00000a.md` 这样的路径，下面只写要紧的几行；以 `pool/`、`overlay/` 开头的和 `tobkit.toml`，是整个文件。
其中 `<U+0009>` 代表这个码位的字符，`<0xB7>` 代表一个字节，`<99 times [>` 代表同一个符号重复 99 次。`^` 标出有问题的地方；没有标的，是指整个文件。

\\* 不能改级别，也不能忽略：有这种错的条目没法用。
""",
}


def page(language: str) -> str:
    """The page in one language."""
    return reference(translator(language), HEADS[language])


if __name__ == "__main__":
    for each in LANGUAGES:
        (Path(__file__).parent / each / "rules.md").write_text(page(each), encoding="utf-8")

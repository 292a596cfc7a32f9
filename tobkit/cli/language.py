"""Which language tobkit speaks, and how click comes to speak it too."""

import gettext
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from tobkit.messages import LANGUAGES, LOCALE_FOLDER, language_of_environment


def language_of(arguments: Sequence[str]) -> str:
    """The language for a command: `--language`, else the locale's, the workspace's, the system's, else English.

    What nobody has asked for isn't used where it can't be shown.
    """
    asked = language_option(arguments) or language_of_environment()
    return asked or (language_of_workspace() or language_of_system() if shows_chinese() else None) or "en"


def shows_chinese() -> bool:
    """Whether the terminal, or the file that takes our words, can hold them in Chinese."""
    try:
        "中文".encode(getattr(sys.stderr, "encoding", None) or "utf-8")
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def language_option(arguments: Sequence[str]) -> str | None:
    """The language that `--language` names: it holds for help and usage errors too, before click reads the options."""
    for option, value in pairwise([*arguments, ""]):
        if option == "--":
            break
        name, equals, attached = option.partition("=")
        if name == "--language" and (attached if equals else value) in LANGUAGES:
            return attached if equals else value
    return None


def language_of_workspace() -> str | None:
    """`[site] language` of the workspace that we are in (Chinese unless said); None where there is none."""
    try:
        here = Path.cwd()
        file = next(folder / "tobkit.toml" for folder in (here, *here.parents) if (folder / "tobkit.toml").is_file())
    except (OSError, StopIteration):
        return None
    import tomllib

    try:
        language = tomllib.loads(file.read_text("utf-8-sig"))["site"]["language"]
    except (OSError, ValueError, LookupError, TypeError):
        language = "zh"
    return "en" if language == "en" else "zh"


def language_of_system() -> str | None:
    """The language that Windows is set to; elsewhere the locale's variables have said it."""
    if sys.platform == "win32":
        import ctypes

        chinese, english = 0x04, 0x09
        primary = ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF
        return {chinese: "zh", english: "en"}.get(primary)
    return None


@contextmanager
def click_speaks(language: str) -> Iterator[None]:
    """Let click's own texts (`click_texts`) come from our catalogue.

    click asks gettext's global functions, which choose the language by the variable LANGUAGE.
    """
    domain, folder, chosen = gettext.textdomain(), gettext.bindtextdomain("tobkit"), os.environ.get("LANGUAGE")
    gettext.bindtextdomain("tobkit", str(LOCALE_FOLDER))
    gettext.textdomain("tobkit")
    os.environ["LANGUAGE"] = language
    try:
        yield
    finally:
        gettext.textdomain(domain)
        gettext.bindtextdomain("tobkit", folder)
        if chosen is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = chosen

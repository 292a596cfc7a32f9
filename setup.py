"""What goes into the wheel besides tobkit's own modules.

pyproject.toml holds all that can be declared; here stand the three things that can't:

- `templates/`, the default theme, is shipped as the package `tobkit.templates`;
- the message catalogues are compiled from their sources (`*.po`), so that no compiled file is kept in git;
- the demo pool (`pool/` and `tobkit.toml` at the top) is packed as `tobkit/demo/`, for `tobkit init --demo`:
  `importlib.resources.files("tobkit") / "demo"` holds `pool/` and `tobkit.toml` in an installed wheel. A checkout
  (`pip install -e .`) has no such folder: there the demo is the checkout's own, at
  `Path(tobkit.__file__).parent.parent`.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import Command, find_packages, setup
from setuptools.command.build import build

ROOT = Path(__file__).resolve().parent
DOMAIN = "tobkit"


class _BuildStep(Command):
    """A step of `build` that writes files made or taken from elsewhere than their package's folder."""

    user_options = []  # noqa: RUF012 (setuptools' own attribute)
    editable_mode = False

    def initialize_options(self) -> None:
        self.build_lib: str | None = None

    def finalize_options(self) -> None:
        self.set_undefined_options("build_py", ("build_lib", "build_lib"))

    def sources(self) -> dict[str, str]:
        """Each file to be written, by its path in the wheel, and the file that it is made from."""
        raise NotImplementedError

    def get_source_files(self) -> list[str]:
        return sorted(self.sources().values())

    def get_outputs(self) -> list[str]:
        return [str(Path(self.build_lib or "") / path) for path in self.sources()]

    def get_output_mapping(self) -> dict[str, str]:
        return {}


class BuildCatalogues(_BuildStep):
    """Compile the message catalogues: into the wheel, or in place for an editable install."""

    description = "compile the message catalogues"

    def sources(self) -> dict[str, str]:
        found = sorted(Path("tobkit/locale").glob(f"*/LC_MESSAGES/{DOMAIN}.po"))
        return {po.with_suffix(".mo").as_posix(): po.as_posix() for po in found}

    def run(self) -> None:
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        base = ROOT if self.editable_mode else Path(self.build_lib or "")
        for compiled, source in self.sources().items():
            with (ROOT / source).open("rb") as lines:
                catalogue = read_po(lines, locale=Path(source).parts[2], domain=DOMAIN)
            target = base / compiled
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as out:
                write_mo(out, catalogue)


class BuildDemo(_BuildStep):
    """Copy the demo workspace into the wheel."""

    description = "pack the demo pool"

    def sources(self) -> dict[str, str]:
        entries = [path for path in sorted(Path("pool").rglob("*")) if path.is_file() and not path.is_symlink()]
        visible = [path for path in entries if not any(part.startswith(".") for part in path.parts)]
        return {f"tobkit/demo/{path.as_posix()}": path.as_posix() for path in [Path("tobkit.toml"), *visible]}

    def run(self) -> None:
        if self.editable_mode:
            return
        for packed, source in self.sources().items():
            target = Path(self.build_lib or "") / packed
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / source, target)


class Build(build):
    # After build_py, whose copies these steps add to.
    sub_commands = [*build.sub_commands, ("build_catalogues", None), ("build_demo", None)]  # noqa: RUF012


setup(
    packages=[*find_packages(include=["tobkit", "tobkit.*"]), "tobkit.templates"],
    package_dir={"tobkit.templates": "templates"},
    package_data={"tobkit": ["**/*"], "tobkit.templates": ["**/*"]},
    exclude_package_data={"": ["*.pyc", "**/*.pyc", "*.po", "**/*.po", "*.mo", "**/*.mo"]},
    cmdclass={"build": Build, "build_catalogues": BuildCatalogues, "build_demo": BuildDemo},
)

"""What is shipped: the wheel holds all that tobkit needs away from its checkout, and nothing else."""

import ast
import gettext
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SOURCES = ("tobkit", "templates", "pool", "tobkit.toml", "pyproject.toml", "setup.py", "README.md", "LICENSE")

# Parts of a declared package that are published under names of their own.
COMES_WITH = {"pydantic-core": "pydantic", "markupsafe": "jinja2"}


def visible(folder: Path) -> Iterator[Path]:
    """The files below a folder, but for what tools leave there."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith(".") or part == "__pycache__" for part in parts):
            yield path


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the checkout, so that nothing of an earlier build gets in and none is left."""
    folder = tmp_path_factory.mktemp("packaging")
    checkout = folder / "checkout"
    checkout.mkdir()
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, checkout / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
        elif source.exists():
            shutil.copy2(source, checkout / name)
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", "dist", "."],
        cwd=checkout,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = (checkout / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_the_wheel_is_for_every_supported_python(wheel: Path):
    assert wheel.name == f"tobkit-{PROJECT['version']}-py3-none-any.whl"


def test_the_wheel_holds_every_module_and_its_data(names: list[str]):
    files = {
        path.relative_to(ROOT).as_posix() for path in visible(ROOT / "tobkit") if path.suffix not in (".po", ".mo")
    }
    assert len(files) > 1
    assert files <= set(names)


def test_the_wheel_holds_the_theme(names: list[str]):
    theme = {
        f"tobkit/templates/{path.relative_to(ROOT / 'templates').as_posix()}" for path in visible(ROOT / "templates")
    }
    assert {name for name in names if name.startswith("tobkit/templates/")} == theme
    assert any(name.endswith(".html") for name in theme)
    assert any("/assets/" in name for name in theme)


def test_the_wheel_holds_the_demo_as_it_is(wheel: Path, names: list[str]):
    demo = {f"tobkit/demo/pool/{path.relative_to(ROOT / 'pool').as_posix()}": path for path in visible(ROOT / "pool")}
    demo["tobkit/demo/tobkit.toml"] = ROOT / "tobkit.toml"
    assert len(demo) > 1
    assert {name for name in names if name.startswith("tobkit/demo/")} == set(demo)
    with zipfile.ZipFile(wheel) as archive:
        assert all(archive.read(name) == path.read_bytes() for name, path in demo.items())


def test_the_wheel_holds_compiled_texts(wheel: Path):
    with zipfile.ZipFile(wheel) as archive, archive.open("tobkit/locale/zh/LC_MESSAGES/tobkit.mo") as file:
        catalogue = gettext.GNUTranslations(file)
    texts = {key: text for key, text in catalogue._catalog.items() if key}  # type: ignore[attr-defined]
    assert texts
    assert any(re.search(r"[\u4e00-\u9fff]", text) for text in texts.values())


def test_the_wheel_holds_nothing_else(names: list[str]):
    assert {name.split("/")[0] for name in names} == {"tobkit", f"tobkit-{PROJECT['version']}.dist-info"}
    assert not [name for name in names if name.endswith((".pyc", ".po", ".orig"))]


def test_the_wheel_says_what_it_is(wheel: Path):
    with zipfile.ZipFile(wheel) as archive:
        info = f"tobkit-{PROJECT['version']}.dist-info"
        metadata = archive.read(f"{info}/METADATA").decode("utf-8")
        assert archive.read(f"{info}/entry_points.txt").decode() == "[console_scripts]\ntobkit = tobkit.cli:main\n"
        assert archive.read(f"{info}/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()
    assert "\nLicense-Expression: MIT\n" in metadata
    assert "\nRequires-Python: >=3.11\n" in metadata


def test_every_import_is_declared():
    """A module that only happens to be installed here is missing elsewhere."""
    declared = {normalised(re.split(r"[^\w.-]", need)[0]) for need in PROJECT["dependencies"]}
    distributions = packages_distributions()
    undeclared = set()
    for path in visible(ROOT / "tobkit"):
        if path.suffix != ".py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                modules = [node.module or ""]
            for module in {name.split(".")[0] for name in modules} - sys.stdlib_module_names - {"tobkit"}:
                sources = {normalised(name) for name in distributions.get(module, [module])}
                sources |= {COMES_WITH[name] for name in sources & set(COMES_WITH)}
                if not sources & declared:
                    undeclared.add(f"{path.relative_to(ROOT)}: {module}")
    assert not undeclared


def test_everything_declared_is_pinned():
    """constraints.txt pins what is declared, exactly, and holds no addresses."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+( ; .+)?", pin) for pin in pins)
    needs = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    pinned = {normalised(pin.split("==")[0]) for pin in pins}
    assert {normalised(re.split(r"[^\w.-]", need)[0]) for need in needs} <= pinned


def test_workflows_pin_their_actions_and_name_their_permissions():
    for path in (ROOT / ".github/workflows").glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        used = re.findall(r"uses: (.+)", text)
        assert used
        assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action) for action in used), path.name
        assert "\npermissions: {}\n" in text
        assert text.count("actions/checkout@") == text.count("persist-credentials: false")


@pytest.mark.slow
def test_an_installed_wheel_works_outside_the_checkout(wheel: Path, tmp_path: Path):
    """In an environment of its own, which takes tobkit from the wheel and only its dependencies from this one."""
    home = tmp_path / "env"
    venv.create(home, with_pip=False)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "--python",
            str(home),
            "install",
            "--quiet",
            "--no-deps",
            "--no-index",
            str(wheel),
        ],
        check=True,
        capture_output=True,
    )
    (packages,) = [path.parent for path in home.rglob("tobkit/__init__.py")]
    packages = packages.parent
    # As a plain folder on the path: .pth files in it, such as that of an editable install of tobkit, don't count.
    here = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    (packages / "dependencies.pth").write_text("\n".join(here) + "\n", encoding="utf-8")
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "TOBKIT_"))}

    def tobkit(*arguments: str, cwd: Path) -> str:
        done = subprocess.run(
            [str(scripts / "tobkit"), *arguments], cwd=cwd, env=clean, capture_output=True, text=True, encoding="utf-8"
        )
        assert done.returncode == 0, f"tobkit {' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    where = subprocess.run(
        [str(scripts / "python"), "-c", "import tobkit; print(tobkit.__file__)"],
        cwd=tmp_path,
        env=clean,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(where.stdout.strip()).is_relative_to(home)

    tobkit("init", "x", cwd=tmp_path)
    tobkit("check", cwd=tmp_path / "x")
    tobkit("build", cwd=tmp_path / "x")
    assert (tmp_path / "x/site/index.html").stat().st_size > 0

    tobkit("init", "demo", "--demo", cwd=tmp_path)
    assert len(list((tmp_path / "demo/pool").rglob("*.md"))) == len(list((ROOT / "pool").rglob("*.md")))
    tobkit("check", "--language", "zh", cwd=tmp_path / "demo")

"""Builds wheel and sdist, checks them, and uses the wheel in an empty environment: `python scripts/build.py`."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"

BARE_USE = """
import sys
import qlik_automation_connections as q
assert "httpx" not in sys.modules, "the bare import must stay cheap"
with q.Tenant("http://127.0.0.1:1", api_key="nobody", retries=0) as tenant:
    try:
        tenant.connections.get("some-id")
    except q.APIConnectionError as error:
        assert not error.may_have_been_processed
    else:
        raise SystemExit("a call to nowhere came back")
for package in ("click", "starlette", "pytest", "yaml"):
    assert package not in sys.modules
print("bare install: imported and called")
"""


def run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True)


def check_contents(wheel: Path, sdist: Path) -> None:
    """Fails if a file that users need is not in the wheel, or one of the tree's caches is."""
    names = set(zipfile.ZipFile(wheel).namelist())
    needed = {
        "qlik_automation_connections/py.typed",
        "qlik_automation_connections_api/py.typed",
        "qlik_automation_connections_api/openapi.json",
        "qlik_automation_connections/sandbox/__init__.py",
        "qlik_automation_connections/admin/audits/html/report.html",
    }
    missing = sorted(needed - names) + ([] if any(name.endswith("licenses/LICENSE") for name in names) else ["LICENSE"])
    foreign = [name for name in names if "__pycache__" in name or name.startswith(("tests/", "scripts/", "spec/"))]
    if missing or foreign:
        raise SystemExit(f"wheel: lacks {missing}, should not have {foreign}")
    with tarfile.open(sdist) as archive:
        files = {name.partition("/")[2] for name in archive.getnames()}
    if not {"spec/openapi.yaml", "scripts/generate.py", "LICENSE", "README.md"} <= files:
        raise SystemExit("sdist: lacks the spec, the scripts, the licence or the README")


def use(wheel: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        tools = Path(folder) / "bin"
        pip = (tools / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        run(*pip, wheel)
        run(tools / "python", "-W", "error", "-c", BARE_USE)
        run(*pip, f"{wheel}[cli,sandbox]")
        run(tools / "qac", "demo")


def main() -> int:
    for old in DIST.glob("qlik_automation_connections-*"):
        old.unlink()
    run(sys.executable, "-m", "build", "--outdir", DIST)
    (wheel,) = DIST.glob("*.whl")
    (sdist,) = DIST.glob("*.tar.gz")
    run(sys.executable, "-m", "twine", "check", "--strict", wheel, sdist)
    check_contents(wheel, sdist)
    use(wheel)
    print(f"built and used: {wheel.name}, {sdist.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

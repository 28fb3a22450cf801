"""Small wheels and sdists."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

NAME = "qlik_automation_connections-1.2.3"
METADATA = """Metadata-Version: 2.4
Name: qlik-automation-connections
Version: 1.2.3
Summary: A client.
License-Expression: MIT
License-File: LICENSE
Keywords: a,b
Classifier: Programming Language :: Python :: 3.12
Classifier: Programming Language :: Python :: 3.11
Requires-Python: >=3.11
Requires-Dist: httpx>=0.27
Provides-Extra: cli
Requires-Dist: click>=8.2; extra == 'cli'
Provides-Extra: dev
Requires-Dist: pytest; extra == 'dev'
Description-Content-Type: text/markdown

# A client
"""


def wheel(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """A wheel with these files."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{NAME}-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return file


def sdist(folder: Path, files: Mapping[str, str]) -> Path:
    """An sdist with these files below its top folder."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{NAME}.tar.gz"
    with tarfile.open(file, "w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(f"{NAME}/{name}")
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return file

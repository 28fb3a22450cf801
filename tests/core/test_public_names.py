"""The names that the package offers, and what importing it costs."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import qlik_automation_connections as package
import qlik_automation_connections_api as generated
from looping import for_each
from qlik_automation_connections import admin
from qlik_automation_connections_api import models

SOURCE = Path(package.__file__)


def named_for_type_checkers() -> dict[str, str]:
    """Names by what is written under `if TYPE_CHECKING`, with the module each comes from."""
    found = {}
    for statement in ast.parse(SOURCE.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING":
            for line in statement.body:
                assert isinstance(line, ast.ImportFrom)
                module = "." * line.level + (line.module or "")
                for alias in line.names:
                    assert alias.asname == alias.name, f"{alias.name} is not marked as exported"
                    found[alias.name] = module
    return found


@for_each("name", package.__all__)
def test_a_public_name_can_be_imported(name: str) -> None:
    value = getattr(package, name)
    assert value is not None
    assert getattr(package, name) is value


def test_type_checkers_see_the_same_names() -> None:
    assert named_for_type_checkers() == package._HOME
    assert sorted(package._HOME) == sorted(package.__all__)
    assert sorted(admin._HOME) == sorted(admin.__all__)


def test_what_has_no_underscore_is_public_and_nothing_else() -> None:
    root = Path(package.__file__ or "").parent
    modules = {".".join(file.relative_to(root).with_suffix("").parts) for file in root.rglob("*.py")}
    without = {name.removesuffix(".__init__") for name in modules if "._" not in f".{name}".replace(".__init__", "")}
    assert without == {"__init__", "admin", "errors", "pacing", "pytest_plugin", "sandbox"}


def test_the_http_library_is_named_where_it_must_be() -> None:
    root = Path(package.__file__ or "").parent
    core = [
        file
        for file in root.rglob("*.py")
        if not {"admin", "sandbox", "_cli", "_sync"} & set(file.relative_to(root).parts)
        and file.stem != "pytest_plugin"
    ]
    named = {file.relative_to(root).as_posix() for file in core if "httpx" in file.read_text(encoding="utf-8")}
    assert named == {"_http.py", "_options.py", "_resources/_async/connections.py", "_tenant.py"}


def test_a_star_gives_the_names() -> None:
    namespace: dict[str, object] = {}
    exec(f"from {package.__name__} import *", namespace)
    assert set(package.__all__) <= namespace.keys()


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="Tenat"):
        getattr(package, "Tenat")  # noqa: B009
    with pytest.raises(ImportError):
        exec("from qlik_automation_connections import Tenat")


def modules_after(code: str) -> set[str]:
    command = [sys.executable, "-W", "error", "-c", f"{code}\nimport sys\nprint(*sys.modules)"]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def test_the_bare_import_loads_nothing_large() -> None:
    loaded = modules_after("import qlik_automation_connections")
    ours = {name for name in loaded if name.startswith("qlik_automation_connections")}
    assert ours == {"qlik_automation_connections"}
    assert loaded.isdisjoint(
        {"httpx", "attr", "attrs", "anyio", "ssl", "asyncio", "click", "rich", "starlette", "yaml"}
    )


def test_a_tenant_does_not_load_the_extras() -> None:
    loaded = modules_after("from qlik_automation_connections import Tenant, AsyncTenant, NotFoundError")
    assert loaded.isdisjoint({"starlette", "uvicorn", "yaml", "jsonschema", "opentelemetry", "mcp"})
    assert not {
        name
        for name in loaded
        if name.startswith(("qlik_automation_connections.sandbox", "qlik_automation_connections._cli"))
    }


@for_each("module", [generated, models])
def test_generated_names_are_loaded_when_they_are_used(module: ModuleType) -> None:
    assert all(getattr(module, name) is getattr(module, name) for name in module.__all__)
    assert set(module.__all__) <= set(dir(module))
    with pytest.raises(AttributeError, match="Conection"):
        getattr(module, "Conection")  # noqa: B009


def test_a_tenant_loads_what_a_call_needs_with_the_first_call() -> None:
    loaded = modules_after("from qlik_automation_connections import Tenant, AsyncTenant")
    # Older versions of httpx load more, some of it only if trio is installed.
    loaded -= modules_after("import httpx")
    assert loaded.isdisjoint({"asyncio", "anyio", "attr", "httpcore", "sqlite3"})
    assert not {name for name in loaded if "_api.models." in name or "._resources" in name or ".pacing" in name}


CALLS = """
import sys, httpx
from qlik_automation_connections import Tenant
def models():
    return {name.rpartition(".")[2] for name in sys.modules if "_api.models." in name}
def answer(request):
    if request.method == "GET":
        return httpx.Response(200, json={"data": [], "links": {}})
    assert {"connection", "creation_error", "param"} <= models()  # a process may be unable to open files by now
    return httpx.Response(201, json={"id": "x"})
client = httpx.Client(transport=httpx.MockTransport(answer))
tenant = Tenant("https://acme.eu.qlikcloud.com", api_key="key", http_client=client)
assert not [*tenant.connections.list()]
listed = models()
tenant.connections.create(connector_id="x")
assert not {"connection", "connector", "automation", "user", "space"} & listed, listed
"""


def test_a_list_loads_its_own_models_and_a_create_all_before_it_is_sent() -> None:
    assert "httpx" in modules_after(CALLS)


def test_help_loads_click_and_little_else() -> None:
    loaded = modules_after("from qlik_automation_connections._cli import group")
    assert loaded.isdisjoint({"httpx", "attr", "logging", "difflib", "rich", "yaml"})


WITHOUT_DOCSTRING = (
    *("__version__", "QUIRKS", "Sort", "ConnectorSort", "AutomationSort", "UserSort", "SpaceSort"),
    *("AutomationState", "AutomationRunMode", "AutomationLastRunStatus"),
)
TWINS = {
    package.Connections: package.AsyncConnections,
    package.Connectors: package.AsyncConnectors,
    package.Automations: package.AsyncAutomations,
}


@for_each("name", [name for name in package.__all__ if name not in WITHOUT_DOCSTRING])
def test_a_public_name_says_what_it_is(name: str) -> None:
    assert (inspect.getdoc(getattr(package, name)) or "").strip()


@for_each(
    ("kind", "name"),
    [(kind, n) for kind in TWINS for n, _ in inspect.getmembers(kind, inspect.isfunction) if n[0] != "_"],
)
def test_the_async_twin_takes_the_same_arguments(kind: type[object], name: str) -> None:
    sync, twin = getattr(kind, name), getattr(TWINS[kind], name)
    assert inspect.signature(twin).parameters == inspect.signature(sync).parameters
    assert inspect.getdoc(twin) == inspect.getdoc(sync)
    assert "timeout" in inspect.signature(sync).parameters


@for_each(("kind", "count"), list(zip(TWINS, (9, 2, 10), strict=True)))
def test_the_twins_have_the_same_operations(kind: type[object], count: int) -> None:
    def public(kind: type[object]) -> set[str]:
        return {name for name in vars(kind) if not name.startswith("_")}

    assert public(kind) == public(TWINS[kind])
    assert len(public(kind)) == count

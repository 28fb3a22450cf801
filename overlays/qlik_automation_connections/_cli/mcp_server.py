"""The tools of `qac mcp`. None of their answers holds a secret, and all say that names are data.

A further job is a method of `_Tools`, named in `server_of`. One that plans ends with `_offer`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import anyio
from attrs import frozen
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from .. import admin
from .._version import __version__
from ..admin._audit.finding_kinds import SEVERITIES
from ..admin._deploy.applying import unfinished_run as unfinished_deployment
from ..admin._handover.applying import unfinished_plan
from ..admin._id_map import id_map_path
from ..admin._restore.applying import unfinished_run
from .access import Opened
from .deploy import journal_of_source
from .format import detail, row
from .handover import journal_of_plan
from .mcp_answers import NOTICE, Answer, Everyone, Job, Most, Request, Scim, T, answer, run_job
from .plans import journal_name
from .resolving import space_id, user_id

Plan = admin.RestorePlan | admin.DeployPlan | admin.HandoverPlan

_INSTRUCTIONS: Final = (
    f"Works on the automation connections of one Qlik Cloud tenant. {NOTICE.replace('below', 'in answers')} Values of"
    " params are never shown, and must not be asked for here. A change takes a plan: show its steps to the user, and"
    " apply it by its hash only after they agreed."
)


def server_of(opened: Opened, folder: Path | None, *, allow_writes: bool) -> MCPServer[Any]:
    """Return a server with a tool for each job.

    Args:
        opened: The tenant.
        folder: Where backups are, and where plans and journals go; without one, restores can't be planned.
        allow_writes: Whether plans can be applied, which takes a folder.
    """
    server: MCPServer[Any] = MCPServer("qac", instructions=_INSTRUCTIONS, version=__version__, log_level="ERROR")
    tools = _Tools(opened, folder)
    reading: list[Callable[..., Any]] = [
        tools.list_connections,
        tools.get_connection,
        tools.audit,
        tools.check,
        tools.usage,
        tools.plan_handover,
    ]
    if folder is not None:
        reading += [tools.plan_restore, tools.plan_deploy]
    for tool in reading:
        server.add_tool(tool, annotations=ToolAnnotations(read_only_hint=True, open_world_hint=True))
    if allow_writes:
        server.add_tool(tools.apply_plan, annotations=ToolAnnotations(read_only_hint=False, destructive_hint=True))
    return server


def _plan(plan: Plan, most: int) -> Answer:
    digest = hashlib.sha256(json.dumps(plan.to_dict(), sort_keys=True).encode()).hexdigest()
    return {"hash": digest, **answer(plan.to_dict(), most)}


@frozen
class _Offered:
    """A plan that was shown.

    Attributes:
        plan: The plan.
        journal: Its journal.
        unfinished: Returns the plan of an unfinished run in the journal, which `apply` would resume instead.
        files: The other files of `apply`.
    """

    plan: Plan
    journal: Path
    unfinished: Callable[[], Plan | None]
    files: dict[str, Path]


class _Tools:
    def __init__(self, opened: Opened, folder: Path | None) -> None:
        self._opened = opened
        self._tenant = opened.tenant
        self._folder = folder
        self._offered: dict[str, _Offered] = {}
        self._turn = anyio.Lock()

    async def _run(self, ctx: Request, job: Callable[[Job], T]) -> T:
        return await run_job(ctx, self._turn, job)

    async def list_connections(
        self,
        ctx: Request,
        filter: Scim = None,
        everyone: Everyone = False,
        most: Annotated[int, Field(ge=1, le=200)] = 50,
        cursor: Annotated[str | None, Field(description="The next_cursor of an earlier answer.")] = None,
    ) -> Answer:
        """List connections: names, owners, spaces, connectors, and whether they are connected."""

        def job(_: Job) -> Answer:
            pager = self._tenant.connections.list(filter=filter, list_all=everyone, limit=most, cursor=cursor)
            page = next(iter(pager.pages()))
            names = self._opened.look_up(page.items)
            rows = [row(item, names) for item in page.items]
            return answer({"next_cursor": page.next_cursor, "connections": rows}, most)

        return await self._run(ctx, job)

    async def get_connection(self, ctx: Request, id: str) -> Answer:
        """Read one connection and the names of its params, without their values."""

        def job(_: Job) -> Answer:
            connection = self._tenant.connections.get(id)
            return answer({"connection": detail(connection, self._opened.look_up([connection]))}, 100)

        return await self._run(ctx, job)

    async def audit(
        self,
        ctx: Request,
        everyone: Everyone = False,
        filter: Scim = None,
        untouched_days: Annotated[int, Field(ge=1)] = 365,
        most: Most = 50,
    ) -> Answer:
        """Find problems: broken, duplicate and untouched connections, and owners who are gone. Sends only GETs."""

        def job(run: Job) -> Answer:
            report = admin.audit(
                self._tenant,
                everyone,
                filter=filter,
                untouched_days=untouched_days,
                names=self._opened.known,
                **run.callbacks,
            )
            document, about = report.to_dict(), {item.id: item for item in report.connections}
            rows = [
                {**finding, "name": item.name, "owner": item.owner or item.owner_id}
                for finding in sorted(document.pop("findings"), key=lambda each: SEVERITIES.index(each["severity"]))
                for item in (about[finding["connection_id"]],)
            ]
            del document["connections"], document["counts"]
            return answer({**document, "findings": rows}, most)

        return await self._run(ctx, job)

    async def check(
        self,
        ctx: Request,
        ids: Annotated[list[str] | None, Field(description="Connections to test; all if left out.")] = None,
        everyone: Everyone = False,
        most: Most = 50,
    ) -> Answer:
        """Test connections, 100 a minute at most, and return those that don't work or could not be checked."""

        def job(run: Job) -> Answer:
            names: dict[str, str | None] = dict.fromkeys(ids or ())
            if ids is None:
                names = {each.id: each.name for each in self._tenant.connections.list(list_all=everyone) if each.id}
            report = admin.check(self._tenant, names, **run.callbacks)
            document = report.to_dict()
            rows = [{**each, "name": names[each["id"]]} for each in document.pop("checked") if not each["connected"]]
            return answer({**document, "not_connected": rows}, most)

        return await self._run(ctx, job)

    async def usage(
        self, ctx: Request, ids: Annotated[list[str], Field(min_length=1, max_length=500)], everyone: Everyone = False
    ) -> Answer:
        """Find the automations that use connections. `unused` only if all automations could be read."""

        def job(run: Job) -> Answer:
            report = admin.usage(self._tenant, ids, list_all=everyone, **run.callbacks)
            return answer(report.to_dict(), 500)

        return await self._run(ctx, job)

    async def plan_handover(
        self,
        ctx: Request,
        from_user: Annotated[str, Field(description="The present owner: id, name or e-mail address.")],
        to_user: Annotated[str, Field(description="The new owner: id, name or e-mail address.")],
        space: Annotated[str | None, Field(description="Space for all of them: id or name; else they stay.")] = None,
        ids: Annotated[list[str] | None, Field(description="Only these connections.")] = None,
        most: Most = 50,
    ) -> Answer:
        """Plan to give the connections of one user to another. Changes nothing; the answer has the plan's hash."""

        def job(run: Job) -> Answer:
            plan = admin.plan_handover(
                self._tenant,
                user_id(self._tenant, from_user, "from_user"),
                user_id(self._tenant, to_user, "to_user"),
                space_id=None if space is None else space_id(self._tenant, space, "space"),
                ids=ids,
                look_for_usage=True,
                **run.callbacks,
            )
            if self._folder is None:
                return _plan(plan, most)
            journal = journal_of_plan(self._folder, plan)
            # A run that was stopped goes on with its own plan.
            shown = unfinished_plan(journal, plan) or plan
            return self._offer(most, shown, journal, lambda: unfinished_plan(journal, shown))

        return await self._run(ctx, job)

    async def plan_restore(
        self,
        ctx: Request,
        archive: Annotated[str, Field(description="Name of a backup's file in the folder of this server.")],
        everyone: Everyone = False,
        existing: Literal["update", "skip"] = "update",
        most: Most = 50,
    ) -> Answer:
        """Plan to restore a backup into this tenant. Changes nothing; the answer has the plan's hash.

        Steps with the action `ask` are left out when it is applied: a person decides them with `qac restore`.
        """

        def job(run: Job) -> Answer:
            path = self._file(archive)
            journal = path.with_name(journal_name(archive, self._tenant.url))
            sha256 = admin.Archive(path).verify().sha256

            def unfinished() -> admin.RestorePlan | None:
                begun = unfinished_run(journal, self._tenant.url, sha256)
                return None if begun is None else begun.plan

            ids = id_map_path(journal)
            plan = unfinished() or admin.plan_restore(
                self._tenant, path, list_all=everyone, id_map=self._known(ids), existing=existing, **run.callbacks
            )
            return self._offer(most, plan, journal, unfinished, id_map_path=ids)

        return await self._run(ctx, job)

    async def plan_deploy(
        self,
        ctx: Request,
        archive: Annotated[str, Field(description="Name of a backup with automations, in the folder of this server.")],
        everyone: Everyone = False,
        only: Annotated[list[str] | None, Field(description="Patterns: a name, space=… or owner=….")] = None,
        most: Most = 50,
    ) -> Answer:
        """Plan to deploy automations with their connections into this tenant. Changes nothing; has the plan's hash."""

        def job(run: Job) -> Answer:
            path = self._file(archive)
            journal, ids = journal_of_source(path, self._tenant.url)

            def unfinished() -> admin.DeployPlan | None:
                begun = unfinished_deployment(journal)
                return None if begun is None else begun.plan

            plan = unfinished() or admin.plan_deploy(
                self._tenant,
                path,
                list_all=everyone,
                only=only or (),
                id_map=self._known(ids),
                journal=journal,
                **run.callbacks,
            )
            return self._offer(most, plan, journal, unfinished, id_map_path=ids)

        return await self._run(ctx, job)

    def _file(self, archive: str) -> Path:
        """Return a file in the folder."""
        assert self._folder is not None, "the tools that take one are offered only with a folder"
        if Path(archive).name != archive:
            raise ToolError("archive must be the name of a file in the server's folder, without a path.")
        return self._folder / archive

    def _known(self, ids: Path) -> dict[str, str] | None:
        """Return the ids in an id map, if it exists."""
        return admin.read_id_map(ids, tenant=self._tenant.url) if ids.exists() else None

    def _offer(
        self, most: int, plan: Plan, journal: Path, unfinished: Callable[[], Plan | None], **files: Path
    ) -> Answer:
        """Keep a plan, write it into the folder for the user to read whole, and return it with its hash."""
        answer = _plan(plan, most)
        self._offered[answer["hash"]] = _Offered(plan, journal, unfinished, files)
        assert self._folder is not None, "plans are kept only with a folder"
        file = self._folder / f"{plan.FORMAT}-{answer['hash'][:12]}.json"
        plan.write(file, overwrite=True)
        return {"file": str(file), **answer}

    async def apply_plan(
        self,
        ctx: Request,
        plan_hash: Annotated[str, Field(description="The hash of a plan that the user has agreed to.")],
        most: Most = 50,
    ) -> Answer:
        """Apply a plan of this session by its hash, after the user agreed. Run again to resume one that stopped."""

        def job(run: Job) -> Answer:
            offered = self._offered.get(plan_hash)
            if offered is None:
                raise ToolError("No plan of this session has this hash. Make the plan again, and show it to the user.")
            # The run in the journal would go on instead, whose plan nobody was shown.
            if offered.unfinished() not in (None, offered.plan):
                raise ToolError("The journal has an unfinished run of another plan. Make the plan again.")
            how: dict[str, Any] = {"journal": offered.journal, **offered.files, **run.callbacks}
            return answer(admin.apply(self._tenant, offered.plan, **how).to_dict(), most)

        return await self._run(ctx, job)

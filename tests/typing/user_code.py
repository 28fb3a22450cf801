"""Code as users write it. It is never run: the type checker must accept it, and sees the types that are named here."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, assert_type

import httpx

from qlik_automation_connections import (
    APIConnectionError,
    ApiKey,
    APIStatusError,
    AsyncPager,
    AsyncTenant,
    Automation,
    AutomationSort,
    AutomationState,
    AutomationSummary,
    CheckResult,
    ConfigurationError,
    Connection,
    ConnectionSummary,
    Connector,
    ConnectorParam,
    ConnectorSort,
    ConnectorSummary,
    ErrorDetail,
    NotFoundError,
    Page,
    Pager,
    Param,
    ParamOption,
    QlikError,
    RateLimitError,
    RetryPolicy,
    Schedule,
    Sort,
    Tenant,
    UnexpectedResponseError,
)


def tenants(auth: httpx.Auth, client: httpx.Client) -> None:
    assert_type(Tenant("acme.eu.qlikcloud.com", api_key="k"), Tenant)
    assert_type(Tenant.from_env(), Tenant)
    assert_type(Tenant.from_context("prod", timeout=5), Tenant)
    Tenant("acme.eu.qlikcloud.com", auth=auth, timeout=httpx.Timeout(5), retries=RetryPolicy(retries=2))
    Tenant("acme.eu.qlikcloud.com", auth=ApiKey("k"), api_version="v1", retries=0, http_client=client)
    Tenant("acme.eu.qlikcloud.com", api_key="k", verify="/etc/ca.pem", proxy="http://proxy:8080")
    with Tenant.from_env() as tenant:
        assert_type(tenant, Tenant)
        assert_type(tenant.url, str)
        assert_type(tenant.with_options(timeout=5, retries=0), Tenant)
        assert_type(tenant.raw.get_httpx_client(), httpx.Client)


def summaries(tenant: Tenant, sort: Sort) -> None:
    pager = tenant.connections.list(filter='name eq "SMTP"', sort="-updatedAt", list_all=True)
    assert_type(pager, Pager[ConnectionSummary])
    for item in pager:
        assert_type(item, ConnectionSummary)
        assert_type(item.id, str)
        assert_type(item.name, str | None)
        assert_type(item.owner_id, str | None)
        assert_type(item.space_id, str | None)
        assert_type(item.connector_id, str | None)
        assert_type(item.is_connected, bool | None)
        assert_type(item.created_at, datetime.datetime | None)
        assert_type(item.updated_at, datetime.datetime | None)
        assert_type(item.additional_properties, dict[str, Any])
    pages = tenant.connections.list(
        name="SMTP", owner_id="u", space_id="s", connector_id="c", sort=sort, limit=10
    ).pages()
    assert_type(pages, Iterator[Page[ConnectionSummary]])
    for page in pages:
        assert_type(page.items, list[ConnectionSummary])
        assert_type(page.next_cursor, str | None)
        tenant.connections.list(cursor=page.next_cursor)


def details(tenant: Tenant) -> None:
    connection = tenant.connections.create(
        connector_id="3004e850", name="mail", params={"username": "bot"}, space_id=None, timeout=5
    )
    assert_type(connection, Connection)
    connection = tenant.connections.get(connection.id)
    assert_type(connection.id, str)
    assert_type(connection.is_connected, bool | None)
    assert_type(connection.params, list[Param])
    assert_type(connection.redirect, str | None)
    assert_type(connection.oauth_account_name, str | None)
    if connection.error is not None:
        assert_type(connection.error["message"], Any)
    param = connection.params[0]
    assert_type(param.is_optional, bool | None)
    assert_type(param.value, str | None)
    assert_type(param.order, int | None)
    assert_type(param.meta, list[Any])
    assert_type(param.param_options, list[ParamOption])
    assert_type(param.param_options[0].value, str | None)


def changes(tenant: Tenant, id: str) -> None:
    assert_type(tenant.connections.update(id, name="mail 2", params={"username": "bot2"}), Connection)
    tenant.connections.update(id, params=[{"id": "p", "value": "v"}])
    tenant.connections.create(connector_id="c", params=[{"name": "username", "value": "bot"}])
    tenant.connections.change_owner(id, user_id="u")
    tenant.connections.change_space(id, space_id=None)
    tenant.connections.change_space(id, space_id="s", timeout=httpx.Timeout(3))
    check = tenant.connections.check(id)
    assert_type(check, CheckResult)
    assert_type(check.connected, bool | None)
    assert_type(check.is_connected, bool | None)
    tenant.connections.delete(id, forced=True)


def siblings(tenant: Tenant, connector_sort: ConnectorSort, sort: AutomationSort) -> None:
    connectors = tenant.connectors.list(filter='name eq "SMTP"', name="SMTP", sort=connector_sort, limit=10, cursor="c")
    assert_type(connectors, Pager[ConnectorSummary])
    for item in connectors:
        assert_type(item.name, str | None)
        assert_type(item.billable, bool | None)
        assert_type(item.has_webhooks, bool | None)
    connector = tenant.connectors.get("c", timeout=5)
    assert_type(connector, Connector)
    assert_type(connector.params, list[ConnectorParam])
    assert_type(connector.params[0].optional, bool | None)
    assert_type(connector.params[0].options, list[str])
    automations = tenant.automations.list(owner_id="u", run_mode="scheduled", sort=sort, list_all=True)
    assert_type(automations, Pager[AutomationSummary])
    assert_type(next(iter(automations)).connector_ids, list[str])
    automation = tenant.automations.get("a")
    assert_type(automation, Automation)
    assert_type(automation.execution_token, str | None)
    assert_type(automation.last_run_at, datetime.datetime | None)
    assert_type(automation.max_concurrent_runs, int | None)
    if automation.workspace is not None:
        assert_type(automation.workspace["blocks"], Any)
    assert_type(tenant.automations.get_json("a"), dict[str, Any])
    assert_type(automation.state, AutomationState | None)
    assert_type(automation.schedules, list[Schedule])
    made = tenant.automations.create(name="n", workspace=automation.workspace, schedules=automation.schedules)
    assert_type(made, Automation)
    tenant.automations.create(name="n", schedules=[{"startAt": "2025-03-05 02:00:00", "interval": 3600}])
    assert_type(tenant.automations.update("a", schedules=[], max_concurrent_runs=2), Automation)
    tenant.automations.change_owner("a", user_id="u")
    tenant.automations.change_space("a", space_id=None)
    tenant.automations.disable("a")
    tenant.automations.enable("a", timeout=5)
    tenant.automations.delete("a")


def errors(tenant: Tenant, id: str) -> None:
    try:
        tenant.connections.get(id)
    except RateLimitError as error:
        assert_type(error.retry_after, float | None)
    except NotFoundError as error:
        assert_type(error.status_code, int)
    except APIStatusError as error:
        assert_type(error.code, str | None)
        assert_type(error.title, str | None)
        assert_type(error.detail, str | None)
        assert_type(error.errors, list[ErrorDetail])
        assert_type(error.trace_id, str | None)
        assert_type(error.request, httpx.Request)
        assert_type(error.response, httpx.Response)
        assert_type(error.may_have_been_processed, bool)
        assert_type(error.operation, str)
        assert_type(error.connection_id, str | None)
        assert_type(error.attempts, int)
    except UnexpectedResponseError as error:
        assert_type(error.status_code, int | None)
        assert_type(error.response, httpx.Response | None)
    except APIConnectionError as error:
        assert_type(error.may_have_been_processed, bool)
    except ConfigurationError as error:
        assert_type(error.message, str)
    except QlikError as error:
        assert_type(error.message, str)


async def tenants_async(client: httpx.AsyncClient) -> None:
    assert_type(AsyncTenant.from_context(), AsyncTenant)
    AsyncTenant("acme.eu.qlikcloud.com", api_key="k", http_client=client)
    async with AsyncTenant.from_env() as tenant:
        assert_type(tenant, AsyncTenant)
        assert_type(tenant.with_options(retries=0), AsyncTenant)
        assert_type(tenant.raw.get_async_httpx_client(), httpx.AsyncClient)
        await summaries_async(tenant)
        await one_async(tenant)
        await siblings_async(tenant)


async def summaries_async(tenant: AsyncTenant) -> None:
    pager = tenant.connections.list(name="SMTP", sort="+name")
    assert_type(pager, AsyncPager[ConnectionSummary])
    async for item in pager:
        assert_type(item, ConnectionSummary)
        assert_type(item.is_connected, bool | None)
    pages = pager.pages()
    async for page in pages:
        assert_type(page, Page[ConnectionSummary])
        assert_type(page.items, list[ConnectionSummary])


async def one_async(tenant: AsyncTenant) -> None:
    connection = await tenant.connections.create(connector_id="c", params={"username": "bot"})
    assert_type(connection, Connection)
    assert_type(await tenant.connections.get(connection.id), Connection)
    assert_type(await tenant.connections.update(connection.id, name="n"), Connection)
    await tenant.connections.change_owner(connection.id, user_id="u")
    await tenant.connections.change_space(connection.id, space_id=None)
    assert_type(await tenant.connections.check(connection.id), CheckResult)
    await tenant.connections.delete(connection.id, forced=True)


async def siblings_async(tenant: AsyncTenant) -> None:
    assert_type(tenant.connectors.list(sort="-name"), AsyncPager[ConnectorSummary])
    assert_type(await tenant.connectors.get("c"), Connector)
    async for item in tenant.automations.list(sort="-lastRunAt"):
        assert_type(item, AutomationSummary)
    assert_type(await tenant.automations.get("a"), Automation)
    assert_type(await tenant.automations.get_json("a"), dict[str, Any])
    assert_type(await tenant.automations.update("a", name="n"), Automation)

# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from ... import errors
from ...operations import operation_at
from ...types import UNSET, Response, Unset

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client
    from ...models.automation_list import AutomationList
    from ...models.automation_sort import AutomationSort
    from ...models.error_response import ErrorResponse
    from ...types import Normalizer


OPERATION: Final = operation_at("get", "/api/workflows/automations")


def request_arguments(
    *,
    cursor: str | Unset = UNSET,
    filter_: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    list_all: bool | Unset = UNSET,
    sort: AutomationSort | Unset = UNSET,
) -> dict[str, Any]:
    """Return the request's arguments: method, url, and params, json and headers if any."""

    params: dict[str, Any] = {}

    params["cursor"] = cursor

    params["filter"] = filter_

    params["limit"] = limit

    params["listAll"] = list_all

    json_sort: str | Unset = UNSET
    if not isinstance(sort, Unset):
        json_sort = sort

    params["sort"] = json_sort

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/workflows/automations",
        "params": params,
    }

    return _kwargs


def read_result(content: Any, normalizer: Normalizer) -> AutomationList:
    """Return the result of a success, given its decoded JSON."""
    from ...models.automation_list import AutomationList

    return AutomationList.from_dict(content, normalizer)


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> AutomationList | ErrorResponse | None:
    from ...models.automation_list import AutomationList
    from ...models.error_response import ErrorResponse

    if response.status_code == 200:
        response_200 = AutomationList.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = ErrorResponse.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = ErrorResponse.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = ErrorResponse.from_dict(response.json())

        return response_403

    if response.status_code == 500:
        response_500 = ErrorResponse.from_dict(response.json())

        return response_500

    if response.status_code == 503:
        response_503 = ErrorResponse.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[AutomationList | ErrorResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    cursor: str | Unset = UNSET,
    filter_: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    list_all: bool | Unset = UNSET,
    sort: AutomationSort | Unset = UNSET,
) -> Response[AutomationList | ErrorResponse]:
    """List automations

     Returns the automations that the caller may see, in pages.

    Args:
        cursor (str | Unset):
        filter_ (str | Unset):
        limit (int | Unset):
        list_all (bool | Unset):
        sort (AutomationSort | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AutomationList | ErrorResponse]
    """

    kwargs = request_arguments(
        cursor=cursor,
        filter_=filter_,
        limit=limit,
        list_all=list_all,
        sort=sort,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    cursor: str | Unset = UNSET,
    filter_: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    list_all: bool | Unset = UNSET,
    sort: AutomationSort | Unset = UNSET,
) -> AutomationList | ErrorResponse | None:
    """List automations

     Returns the automations that the caller may see, in pages.

    Args:
        cursor (str | Unset):
        filter_ (str | Unset):
        limit (int | Unset):
        list_all (bool | Unset):
        sort (AutomationSort | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AutomationList | ErrorResponse
    """

    return sync_detailed(
        client=client,
        cursor=cursor,
        filter_=filter_,
        limit=limit,
        list_all=list_all,
        sort=sort,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    cursor: str | Unset = UNSET,
    filter_: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    list_all: bool | Unset = UNSET,
    sort: AutomationSort | Unset = UNSET,
) -> Response[AutomationList | ErrorResponse]:
    """List automations

     Returns the automations that the caller may see, in pages.

    Args:
        cursor (str | Unset):
        filter_ (str | Unset):
        limit (int | Unset):
        list_all (bool | Unset):
        sort (AutomationSort | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AutomationList | ErrorResponse]
    """

    kwargs = request_arguments(
        cursor=cursor,
        filter_=filter_,
        limit=limit,
        list_all=list_all,
        sort=sort,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    cursor: str | Unset = UNSET,
    filter_: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    list_all: bool | Unset = UNSET,
    sort: AutomationSort | Unset = UNSET,
) -> AutomationList | ErrorResponse | None:
    """List automations

     Returns the automations that the caller may see, in pages.

    Args:
        cursor (str | Unset):
        filter_ (str | Unset):
        limit (int | Unset):
        list_all (bool | Unset):
        sort (AutomationSort | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AutomationList | ErrorResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            cursor=cursor,
            filter_=filter_,
            limit=limit,
            list_all=list_all,
            sort=sort,
        )
    ).parsed

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
    from ...models.error_response import ErrorResponse
    from ...models.space_list import SpaceList
    from ...models.space_sort import SpaceSort
    from ...types import Normalizer


OPERATION: Final = operation_at("get", "/api/v1/spaces")


def request_arguments(
    *,
    next_: str | Unset = UNSET,
    prev: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    name: str | Unset = UNSET,
    owner_id: str | Unset = UNSET,
    sort: SpaceSort | Unset = UNSET,
    type_: str | Unset = UNSET,
) -> dict[str, Any]:
    """Return the request's arguments: method, url, and params, json and headers if any."""

    params: dict[str, Any] = {}

    params["next"] = next_

    params["prev"] = prev

    params["limit"] = limit

    params["name"] = name

    params["ownerId"] = owner_id

    json_sort: str | Unset = UNSET
    if not isinstance(sort, Unset):
        json_sort = sort

    params["sort"] = json_sort

    params["type"] = type_

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/spaces",
        "params": params,
    }

    return _kwargs


def read_result(content: Any, normalizer: Normalizer) -> SpaceList:
    """Return the result of a success, given its decoded JSON."""
    from ...models.space_list import SpaceList

    return SpaceList.from_dict(content, normalizer)


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | SpaceList | None:
    from ...models.error_response import ErrorResponse
    from ...models.space_list import SpaceList

    if response.status_code == 200:
        response_200 = SpaceList.from_dict(response.json())

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

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ErrorResponse | SpaceList]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    next_: str | Unset = UNSET,
    prev: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    name: str | Unset = UNSET,
    owner_id: str | Unset = UNSET,
    sort: SpaceSort | Unset = UNSET,
    type_: str | Unset = UNSET,
) -> Response[ErrorResponse | SpaceList]:
    """List spaces

     Returns the spaces that the caller may see, in pages. Personal spaces are not among them.

    Args:
        next_ (str | Unset):
        prev (str | Unset):
        limit (int | Unset):
        name (str | Unset):
        owner_id (str | Unset):
        sort (SpaceSort | Unset):
        type_ (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | SpaceList]
    """

    kwargs = request_arguments(
        next_=next_,
        prev=prev,
        limit=limit,
        name=name,
        owner_id=owner_id,
        sort=sort,
        type_=type_,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    next_: str | Unset = UNSET,
    prev: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    name: str | Unset = UNSET,
    owner_id: str | Unset = UNSET,
    sort: SpaceSort | Unset = UNSET,
    type_: str | Unset = UNSET,
) -> ErrorResponse | SpaceList | None:
    """List spaces

     Returns the spaces that the caller may see, in pages. Personal spaces are not among them.

    Args:
        next_ (str | Unset):
        prev (str | Unset):
        limit (int | Unset):
        name (str | Unset):
        owner_id (str | Unset):
        sort (SpaceSort | Unset):
        type_ (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | SpaceList
    """

    return sync_detailed(
        client=client,
        next_=next_,
        prev=prev,
        limit=limit,
        name=name,
        owner_id=owner_id,
        sort=sort,
        type_=type_,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    next_: str | Unset = UNSET,
    prev: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    name: str | Unset = UNSET,
    owner_id: str | Unset = UNSET,
    sort: SpaceSort | Unset = UNSET,
    type_: str | Unset = UNSET,
) -> Response[ErrorResponse | SpaceList]:
    """List spaces

     Returns the spaces that the caller may see, in pages. Personal spaces are not among them.

    Args:
        next_ (str | Unset):
        prev (str | Unset):
        limit (int | Unset):
        name (str | Unset):
        owner_id (str | Unset):
        sort (SpaceSort | Unset):
        type_ (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | SpaceList]
    """

    kwargs = request_arguments(
        next_=next_,
        prev=prev,
        limit=limit,
        name=name,
        owner_id=owner_id,
        sort=sort,
        type_=type_,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    next_: str | Unset = UNSET,
    prev: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    name: str | Unset = UNSET,
    owner_id: str | Unset = UNSET,
    sort: SpaceSort | Unset = UNSET,
    type_: str | Unset = UNSET,
) -> ErrorResponse | SpaceList | None:
    """List spaces

     Returns the spaces that the caller may see, in pages. Personal spaces are not among them.

    Args:
        next_ (str | Unset):
        prev (str | Unset):
        limit (int | Unset):
        name (str | Unset):
        owner_id (str | Unset):
        sort (SpaceSort | Unset):
        type_ (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | SpaceList
    """

    return (
        await asyncio_detailed(
            client=client,
            next_=next_,
            prev=prev,
            limit=limit,
            name=name,
            owner_id=owner_id,
            sort=sort,
            type_=type_,
        )
    ).parsed

# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from ... import errors
from ...operations import operation_at
from ...types import Response

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client
    from ...models.connection import Connection
    from ...models.error_response import ErrorResponse
    from ...models.update_connection import UpdateConnection
    from ...types import Normalizer


OPERATION: Final = operation_at("put", "/api/workflows/automation-connections/{id}")


def request_arguments(
    id: str,
    *,
    body: UpdateConnection,
) -> dict[str, Any]:
    """Return the request's arguments: method, url, and params, json and headers if any."""

    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/api/workflows/automation-connections/{id}".format(
            id=quote(str(id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def read_result(content: Any, normalizer: Normalizer) -> Connection:
    """Return the result of a success, given its decoded JSON."""
    from ...models.connection import Connection

    return Connection.from_dict(content, normalizer)


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Connection | ErrorResponse | None:
    from ...models.connection import Connection
    from ...models.error_response import ErrorResponse

    if response.status_code == 200:
        response_200 = Connection.from_dict(response.json())

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

    if response.status_code == 404:
        response_404 = ErrorResponse.from_dict(response.json())

        return response_404

    if response.status_code == 409:
        response_409 = ErrorResponse.from_dict(response.json())

        return response_409

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
) -> Response[Connection | ErrorResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    body: UpdateConnection,
) -> Response[Connection | ErrorResponse]:
    """Update a connection

     Changes the name or params given in the body.

    Args:
        id (str):
        body (UpdateConnection): Changes to a connection. Omitted fields stay the same. Example:
            {'name': 'Weekly mail', 'params': [{'id': '0a9d8c7b-6e5f-4a3b-9c2d-1e0f9a8b7c6d', 'value':
            'mail2.example.org'}]}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Connection | ErrorResponse]
    """

    kwargs = request_arguments(
        id=id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    body: UpdateConnection,
) -> Connection | ErrorResponse | None:
    """Update a connection

     Changes the name or params given in the body.

    Args:
        id (str):
        body (UpdateConnection): Changes to a connection. Omitted fields stay the same. Example:
            {'name': 'Weekly mail', 'params': [{'id': '0a9d8c7b-6e5f-4a3b-9c2d-1e0f9a8b7c6d', 'value':
            'mail2.example.org'}]}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Connection | ErrorResponse
    """

    return sync_detailed(
        id=id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    body: UpdateConnection,
) -> Response[Connection | ErrorResponse]:
    """Update a connection

     Changes the name or params given in the body.

    Args:
        id (str):
        body (UpdateConnection): Changes to a connection. Omitted fields stay the same. Example:
            {'name': 'Weekly mail', 'params': [{'id': '0a9d8c7b-6e5f-4a3b-9c2d-1e0f9a8b7c6d', 'value':
            'mail2.example.org'}]}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Connection | ErrorResponse]
    """

    kwargs = request_arguments(
        id=id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    body: UpdateConnection,
) -> Connection | ErrorResponse | None:
    """Update a connection

     Changes the name or params given in the body.

    Args:
        id (str):
        body (UpdateConnection): Changes to a connection. Omitted fields stay the same. Example:
            {'name': 'Weekly mail', 'params': [{'id': '0a9d8c7b-6e5f-4a3b-9c2d-1e0f9a8b7c6d', 'value':
            'mail2.example.org'}]}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Connection | ErrorResponse
    """

    return (
        await asyncio_detailed(
            id=id,
            client=client,
            body=body,
        )
    ).parsed

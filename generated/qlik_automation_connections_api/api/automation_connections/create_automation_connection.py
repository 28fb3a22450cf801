# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from ... import errors
from ...operations import operation_at
from ...types import Response

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client
    from ...models.connection import Connection
    from ...models.create_connection import CreateConnection
    from ...models.error_response import ErrorResponse
    from ...types import Normalizer


OPERATION: Final = operation_at("post", "/api/workflows/automation-connections")


def request_arguments(
    *,
    body: CreateConnection,
) -> dict[str, Any]:
    """Return the request's arguments: method, url, and params, json and headers if any."""

    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/workflows/automation-connections",
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

    if response.status_code == 201:
        response_201 = Connection.from_dict(response.json())

        return response_201

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
) -> Response[Connection | ErrorResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: CreateConnection,
) -> Response[Connection | ErrorResponse]:
    """Create a connection

     Creates a connection for a connector.

    Args:
        body (CreateConnection): A connection to create. Example: {'name': 'Nightly mail',
            'params': [{'name': 'host', 'value': 'mail.example.org'}], 'spaceId':
            '64c0f1a2b3d4e5f6089abcde', 'connectorId': '7c2e1d40-51b8-4c6e-8a0f-3f9d5b7a2c61'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Connection | ErrorResponse]
    """

    kwargs = request_arguments(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: CreateConnection,
) -> Connection | ErrorResponse | None:
    """Create a connection

     Creates a connection for a connector.

    Args:
        body (CreateConnection): A connection to create. Example: {'name': 'Nightly mail',
            'params': [{'name': 'host', 'value': 'mail.example.org'}], 'spaceId':
            '64c0f1a2b3d4e5f6089abcde', 'connectorId': '7c2e1d40-51b8-4c6e-8a0f-3f9d5b7a2c61'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Connection | ErrorResponse
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: CreateConnection,
) -> Response[Connection | ErrorResponse]:
    """Create a connection

     Creates a connection for a connector.

    Args:
        body (CreateConnection): A connection to create. Example: {'name': 'Nightly mail',
            'params': [{'name': 'host', 'value': 'mail.example.org'}], 'spaceId':
            '64c0f1a2b3d4e5f6089abcde', 'connectorId': '7c2e1d40-51b8-4c6e-8a0f-3f9d5b7a2c61'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Connection | ErrorResponse]
    """

    kwargs = request_arguments(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: CreateConnection,
) -> Connection | ErrorResponse | None:
    """Create a connection

     Creates a connection for a connector.

    Args:
        body (CreateConnection): A connection to create. Example: {'name': 'Nightly mail',
            'params': [{'name': 'host', 'value': 'mail.example.org'}], 'spaceId':
            '64c0f1a2b3d4e5f6089abcde', 'connectorId': '7c2e1d40-51b8-4c6e-8a0f-3f9d5b7a2c61'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Connection | ErrorResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed

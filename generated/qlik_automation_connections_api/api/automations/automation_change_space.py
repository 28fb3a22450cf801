# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import quote

from ... import errors
from ...operations import operation_at
from ...types import UNSET, Response, Unset

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client
    from ...models.change_automation_space import ChangeAutomationSpace
    from ...models.error_response import ErrorResponse
    from ...types import Normalizer


OPERATION: Final = operation_at("post", "/api/workflows/automations/{id}/actions/change-space")


def request_arguments(
    id: str,
    *,
    body: ChangeAutomationSpace | Unset = UNSET,
) -> dict[str, Any]:
    """Return the request's arguments: method, url, and params, json and headers if any."""

    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/workflows/automations/{id}/actions/change-space".format(
            id=quote(str(id), safe=""),
        ),
    }

    if not isinstance(body, Unset):
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def read_result(content: Any, normalizer: Normalizer) -> None:
    """Return None: a success has no content."""
    return None


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Any | ErrorResponse | None:
    from ...models.error_response import ErrorResponse

    if response.status_code == 204:
        response_204 = cast(Any, None)
        return response_204

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Any | ErrorResponse]:
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
    body: ChangeAutomationSpace | Unset = UNSET,
) -> Response[Any | ErrorResponse]:
    """Change the space

     Moves an automation to another space.

    Args:
        id (str):
        body (ChangeAutomationSpace | Unset): The new space of an automation. Example: {'spaceId':
            '64c0f1a2b3d4e5f6089abcdf'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | ErrorResponse]
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
    body: ChangeAutomationSpace | Unset = UNSET,
) -> Any | ErrorResponse | None:
    """Change the space

     Moves an automation to another space.

    Args:
        id (str):
        body (ChangeAutomationSpace | Unset): The new space of an automation. Example: {'spaceId':
            '64c0f1a2b3d4e5f6089abcdf'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | ErrorResponse
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
    body: ChangeAutomationSpace | Unset = UNSET,
) -> Response[Any | ErrorResponse]:
    """Change the space

     Moves an automation to another space.

    Args:
        id (str):
        body (ChangeAutomationSpace | Unset): The new space of an automation. Example: {'spaceId':
            '64c0f1a2b3d4e5f6089abcdf'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | ErrorResponse]
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
    body: ChangeAutomationSpace | Unset = UNSET,
) -> Any | ErrorResponse | None:
    """Change the space

     Moves an automation to another space.

    Args:
        id (str):
        body (ChangeAutomationSpace | Unset): The new space of an automation. Example: {'spaceId':
            '64c0f1a2b3d4e5f6089abcdf'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | ErrorResponse
    """

    return (
        await asyncio_detailed(
            id=id,
            client=client,
            body=body,
        )
    ).parsed

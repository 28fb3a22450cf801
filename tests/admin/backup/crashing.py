"""Backups in a process that is killed."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from typing import Any

import httpx

from admin.crash.killing import kill_this_process
from qlik_automation_connections import OAuthClient, Tenant
from qlik_automation_connections.admin._backup.job import backup

_STEPS = ("fsync", "replace", "unlink", "ftruncate")


def write(client: httpx.Client, *, url: str, api_key: str, path: str, **options: Any) -> dict[str, Any]:
    """Writes a backup."""
    with Tenant(url, api_key=api_key, http_client=client, pacing="off", retries=0) as tenant:
        return backup(tenant, path, **options).to_dict()


def write_stepwise(client: httpx.Client, *, kill_at: int | None, **arguments: Any) -> dict[str, Any]:
    """Writes a backup, and is killed at the n-th time that it touches the disk for good; tells how often that was."""
    steps = 0

    def counted(step: Callable[..., Any]) -> Callable[..., Any]:
        def take(*positional: Any, **named: Any) -> Any:
            nonlocal steps
            steps += 1
            if steps == kill_at:
                kill_this_process()
            return step(*positional, **named)

        return take

    for name in _STEPS:
        setattr(os, name, counted(getattr(os, name)))
    return {"report": write(client, **arguments), "steps": steps}


def write_little(client: httpx.Client, *, most_bytes: int, **arguments: Any) -> dict[str, Any]:
    """Writes a backup where no file may be larger than so many bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))
    return write(client, **arguments)


def write_with_automations(
    client: httpx.Client, *, url: str, api_key: str, secret: str, path: str, **options: Any
) -> dict[str, Any]:
    """Writes a backup with automations."""
    machine = OAuthClient("sandbox-client", secret)
    with Tenant(url, api_key=api_key, automations_auth=machine, http_client=client, pacing="off", retries=0) as tenant:
        return backup(tenant, path, automations=True, **options).to_dict()

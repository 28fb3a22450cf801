"""The connectors of the fake tenant, with their params."""

import attrs

from ._deterministic import uuid_id
from ._models import Connector, ParamDefinition


def _connector(
    identifier: str, name: str, *params: ParamDefinition, oauth: bool = False, managed: bool = False
) -> Connector:
    with_ids = tuple(attrs.evolve(param, id=uuid_id(f"param/{identifier}/{param.name}")) for param in params)
    return Connector(identifier, name, with_ids, oauth, managed)


def _text(name: str, description: str, example: str, *, optional: bool = False) -> ParamDefinition:
    return ParamDefinition(name, description, example_value=example, optional=optional)


def _secret(name: str, description: str) -> ParamDefinition:
    return ParamDefinition(name, description, "password")


CONNECTORS = (
    _connector(
        "7c2e1d40-51b8-4c6e-8a0f-3f9d5b7a2c61",
        "Mail (SMTP)",
        _text("host", "Name of the mail server.", "smtp.example.org"),
        ParamDefinition("port", "Port of the mail server.", "number", "587", optional=True),
        _text("username", "Account that sends.", "bot@example.org"),
        _secret("password", "Password of the account."),
        _text("from", "Address of the sender.", "bot@example.org", optional=True),
        ParamDefinition(
            "encryption", "How the connection is encrypted.", "enum", "tls", ("none", "ssl", "tls"), optional=True
        ),
    ),
    _connector(
        "0f3b9a52-6d0e-4f3b-9c11-8e2d7a405b16",
        "Amazon S3",
        _text("accessKeyId", "Name of the access key.", "AKIAEXAMPLE"),
        _secret("secretAccessKey", "Secret of the access key."),
        ParamDefinition(
            "region",
            "Where the buckets are.",
            "enum",
            "eu-west-1",
            ("eu-central-1", "eu-west-1", "us-east-1", "us-west-2", "ap-southeast-2"),
        ),
        _text("bucket", "Bucket to use unless a block names one.", "reports", optional=True),
    ),
    _connector("b5a1f6d8-2c47-4e0a-8f93-61d0c7be3a24", "Slack", oauth=True),
    _connector(
        "e84c70a9-93f5-41d6-b2be-5a7f1c08d93e",
        "Microsoft Teams",
        _text("tenant", "Directory of the account.", "example.org", optional=True),
        oauth=True,
    ),
    _connector(
        "3d96e2fb-b078-4a5c-a7e4-0c1b52d8f967",
        "HTTP",
        _text("baseUrl", "Address of the service.", "https://api.example.org"),
        _secret("apiToken", "Token to send with each call."),
        _text("headerName", "Header that carries the token.", "Authorization", optional=True),
    ),
    _connector("61a87510-c7a3-11ea-95da-0fb0c241e75c", "Qlik Cloud Services", managed=True),
)

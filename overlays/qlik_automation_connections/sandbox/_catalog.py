"""The connectors that the fake tenant has, and the params that each of them asks for."""

import attrs

# The service makes and manages the connections of this connector itself.
MANAGED_CONNECTOR_ID = "61a87510-c7a3-11ea-95da-0fb0c241e75c"


@attrs.frozen
class ParamDefinition:
    """One param that a connector asks for. A field of type "password" holds a secret."""

    name: str
    field_type: str = "string"
    optional: bool = False
    example: str = ""
    options: tuple[str, ...] = ()
    documentation: str = ""


@attrs.frozen
class Connector:
    """One connector.

    Attributes:
        id: Identifier.
        name: Name for people.
        params: What it asks for.
        oauth: Whether a person must give consent in a browser before a connection works.
    """

    id: str
    name: str
    params: tuple[ParamDefinition, ...] = ()
    oauth: bool = False

    @property
    def managed(self) -> bool:
        """Whether the service alone may change its connections."""
        return self.id == MANAGED_CONNECTOR_ID

    def param(self, name: str) -> ParamDefinition | None:
        """Return the definition of a param, None if the connector does not know it."""
        return next((param for param in self.params if param.name == name), None)


CONNECTORS = (
    Connector(
        "7c2e1d40-51b8-4c6e-8a0f-3f9d5b7a2c61",
        "Mail (SMTP)",
        (
            ParamDefinition("host", example="smtp.example.org", documentation="Name of the mail server."),
            ParamDefinition("port", "number", True, "587", (), "Port of the mail server."),
            ParamDefinition("username", example="bot@example.org", documentation="Account that sends."),
            ParamDefinition("password", "password", documentation="Password of the account."),
            ParamDefinition("from", "string", True, "bot@example.org", (), "Address that stands as the sender."),
            ParamDefinition("encryption", "enum", True, "tls", ("none", "ssl", "tls"), "How the line is secured."),
        ),
    ),
    Connector(
        "0f3b9a52-6d0e-4f3b-9c11-8e2d7a405b16",
        "Amazon S3",
        (
            ParamDefinition("accessKeyId", example="AKIAEXAMPLE", documentation="Name of the access key."),
            ParamDefinition("secretAccessKey", "password", documentation="Secret of the access key."),
            ParamDefinition(
                "region",
                "enum",
                False,
                "eu-west-1",
                ("eu-central-1", "eu-west-1", "us-east-1", "us-west-2", "ap-southeast-2"),
                "Where the buckets are.",
            ),
            ParamDefinition("bucket", "string", True, "reports", (), "Bucket that is used unless a block names one."),
        ),
    ),
    Connector("b5a1f6d8-2c47-4e0a-8f93-61d0c7be3a24", "Slack", oauth=True),
    Connector(
        "e84c70a9-93f5-41d6-b2be-5a7f1c08d93e",
        "Microsoft Teams",
        (ParamDefinition("tenant", "string", True, "example.org", (), "Directory that the account belongs to."),),
        oauth=True,
    ),
    Connector(
        "3d96e2fb-b078-4a5c-a7e4-0c1b52d8f967",
        "HTTP",
        (
            ParamDefinition("baseUrl", example="https://api.example.org", documentation="Address of the service."),
            ParamDefinition("apiToken", "password", documentation="Token that is sent with each call."),
            ParamDefinition("headerName", "string", True, "Authorization", (), "Header that carries the token."),
        ),
    ),
    Connector(MANAGED_CONNECTOR_ID, "Qlik Cloud Services"),
)

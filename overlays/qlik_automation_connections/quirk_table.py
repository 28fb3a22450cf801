"""The table of quirks: what the service sends differently from what it documents, and what users read.

It is data alone: `quirks` mends by it, the sandbox has a switch for each, and the documents show it.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple


class Quirk(NamedTuple):
    """One difference between the documents and the wire.

    Attributes:
        name: what it is called, and its switch in the sandbox.
        sent: what the service sends.
        read: what users read.
        origin: from where it is known.
        answer: the answer in which `sample` stands.
        sample: a part of such an answer that shows the quirk, as JSON.
    """

    name: str
    sent: str
    read: str
    origin: str
    answer: Literal["list", "connection", "check"]
    sample: str


QUIRKS: Final = (
    Quirk(
        "boolean-spelling",
        "a boolean as a string or a number: isOptional 'false' above all",
        "a bool; any case, also yes, no, on, off, 1, 0; an empty string reads None",
        'the reference page\'s own example has isOptional: "false"',
        "connection",
        '{"params": [{"isOptional": "false"}]}',
    ),
    Quirk(
        "check-spelling",
        "a check answers connected, is_connected, or both",
        "both attributes, each filled from the other where it is missing",
        "the reference page declares both",
        "check",
        '{"is_connected": true}',
    ),
    Quirk(
        "null-values",
        "null where a value is declared, or nothing at all",
        "None; an empty list where a list is declared; a null among the elements of a list is passed over",
        "samples show oauthAccountName and redirect as null; every field is optional",
        "connection",
        '{"redirect": null, "oauthAccountName": null}',
    ),
    Quirk(
        "other-scalar",
        "a string where a number is declared, and the other way round",
        "the declared type",
        "inferred from what services of this kind do",
        "connection",
        '{"params": [{"order": "1"}]}',
    ),
    Quirk(
        "unreadable-value",
        "a value that can't be read as what is declared, such as the timestamp 0000-00-00",
        "None; the raw value is in additional_properties under its wire name; one warning a response",
        "inferred",
        "connection",
        '{"createdAt": "0000-00-00T00:00:00.000000Z"}',
    ),
    Quirk(
        "timestamp-without-zone",
        "a timestamp that names no zone",
        "the same in UTC",
        "inferred",
        "connection",
        '{"createdAt": "2025-03-04T08:15:30.000000"}',
    ),
    Quirk(
        "empty-object-as-list",
        "[] for an empty object, {} for an empty list",
        "what is declared, empty",
        "inferred: services written in PHP do so",
        "connection",
        '{"error": []}',
    ),
    Quirk(
        "meta-not-a-list",
        "a param's meta is no list",
        "a list with it as the only element",
        "declared an array of anything; inferred",
        "connection",
        '{"params": [{"meta": {"hint": "made up"}}]}',
    ),
    Quirk(
        "error-not-an-object",
        "a connection's error is a string, a number or a list",
        '{"value": what was sent}; an empty string or list reads {}',
        "declared an object; inferred",
        "connection",
        '{"error": "The other side refused the settings."}',
    ),
    Quirk(
        "empty-space-id",
        "spaceId is an empty string for the personal space",
        "None",
        "samples of the service",
        "connection",
        '{"spaceId": ""}',
    ),
    Quirk(
        "wrapped-in-data",
        'a single resource as {"data": {...}}',
        "the resource",
        "the service did so until the middle of 2024",
        "connection",
        '{"data": {"name": "mail"}}',
    ),
    Quirk(
        "unknown-field",
        "fields that are not documented",
        "additional_properties",
        "every service grows",
        "connection",
        '{"labels": ["made up"]}',
    ),
    Quirk(
        "link-without-page",
        "links, next or href missing, null or empty on the last page; href absolute or relative",
        "the end of the list; of an href only the cursor is taken",
        "links can each be missing, by the vendor's own client",
        "list",
        '{"links": {"next": null}}',
    ),
)

# Written by `make generate` from spec/openapi.yaml. Do not edit: change the spec and run it again.

from __future__ import annotations

import datetime
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import NORMALIZER, MissingId, Normalizer, Row, html_table

if TYPE_CHECKING:
    from ..models.assigned_role import AssignedRole


T = TypeVar("T", bound="User")

_SCHEMA = "User"
_moment = datetime.datetime.fromisoformat
_FIELDS = (
    "id",
    "name",
    "email",
    "subject",
    "status",
    "assignedRoles",
    "createdAt",
    "lastUpdatedAt",
)
_values = itemgetter(*_FIELDS)


@_attrs_define
class User:
    """A user."""

    id: str
    """ Identifier of the user. """
    name: str | None = None
    """ Name of the user. """
    email: str | None = None
    """ E-mail address of the user. """
    subject: str | None = None
    """ Identifier of the user at the identity provider. """
    status: str | None = None
    """ Status of the user, such as active, invited, disabled, deleted or provisioned. """
    assigned_roles: list[AssignedRole] = _attrs_field(factory=list)
    """ The roles of the user. """
    created_at: datetime.datetime | None = None
    """ When the user was created. """
    last_updated_at: datetime.datetime | None = None
    """ When the user was last changed. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        field_dict: dict[str, Any] = dict(self.additional_properties)
        field_dict["id"] = self.id
        if self.name is not None:
            field_dict["name"] = self.name
        if self.email is not None:
            field_dict["email"] = self.email
        if self.subject is not None:
            field_dict["subject"] = self.subject
        if self.status is not None:
            field_dict["status"] = self.status
        if self.assigned_roles or "assignedRoles" not in field_dict:
            field_dict["assignedRoles"] = [item.to_dict() for item in self.assigned_roles]
        if self.created_at is not None:
            field_dict["createdAt"] = self.created_at.isoformat()
        if self.last_updated_at is not None:
            field_dict["lastUpdatedAt"] = self.last_updated_at.isoformat()
        return field_dict

    def to_row(self) -> Row:
        """Return the plain values by attribute, as a row of a table: no lists, no objects, no secrets."""
        return {
            "id": self.id,
            "name": self.name,
            "email": self.email,
            "subject": self.subject,
            "status": self.status,
            "created_at": self.created_at,
            "last_updated_at": self.last_updated_at,
        }

    def _repr_html_(self) -> str:
        rows = ({"attribute": name, "value": value} for name, value in self.to_row().items())
        return html_table("User", rows)

    @classmethod
    def from_dict(cls: type[T], source: Any, normalizer: Normalizer = NORMALIZER) -> T:
        """Build the model from a decoded JSON object.

        Args:
            source: The object.
            normalizer: Converts values that don't match the spec.
        """
        from ..models.assigned_role import AssignedRole  # noqa: PLC0415

        extra: dict[str, Any] = {}
        try:
            if len(source) != 8:
                raise KeyError
            (
                _id,
                _name,
                _email,
                _subject,
                _status,
                _assigned_roles,
                _created_at,
                _last_updated_at,
            ) = _values(source)
        except (KeyError, TypeError):
            source = normalizer.object(_SCHEMA, source, _FIELDS, extra)
            (
                _id,
                _name,
                _email,
                _subject,
                _status,
                _assigned_roles,
                _created_at,
                _last_updated_at,
            ) = _values(source)
        if type(_id) is not str:
            _id = normalizer.field(_SCHEMA, source, "id", extra)
        if _id is None or not _id.strip():
            raise MissingId(_SCHEMA)

        if type(_name) is not str:
            _name = normalizer.field(_SCHEMA, source, "name", extra)

        if type(_email) is not str:
            _email = normalizer.field(_SCHEMA, source, "email", extra)

        if type(_subject) is not str:
            _subject = normalizer.field(_SCHEMA, source, "subject", extra)

        if type(_status) is not str:
            _status = normalizer.field(_SCHEMA, source, "status", extra)

        if type(_assigned_roles) is not list or not {*map(type, _assigned_roles)} <= {dict}:
            _assigned_roles = normalizer.field(_SCHEMA, source, "assignedRoles", extra) or []
        _assigned_roles = [AssignedRole.from_dict(item, normalizer) for item in _assigned_roles]

        try:
            _created_at = _moment(_created_at)
            if _created_at.tzinfo is None:
                raise ValueError
        except (TypeError, ValueError):
            _created_at = normalizer.field(_SCHEMA, source, "createdAt", extra)

        try:
            _last_updated_at = _moment(_last_updated_at)
            if _last_updated_at.tzinfo is None:
                raise ValueError
        except (TypeError, ValueError):
            _last_updated_at = normalizer.field(_SCHEMA, source, "lastUpdatedAt", extra)

        # Set field by field: skipping the constructor makes lists a tenth faster.
        user = cls.__new__(cls)
        user.id = _id
        user.name = _name
        user.email = _email
        user.subject = _subject
        user.status = _status
        user.assigned_roles = _assigned_roles
        user.created_at = _created_at
        user.last_updated_at = _last_updated_at
        user.additional_properties = extra
        return user

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties

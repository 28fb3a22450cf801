"""Make the steps of a plan from desired states and matches."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

from attrs import field, frozen

from ... import Connection, Connector
from .._managed import is_managed
from .desired_state import DesiredState
from .matching import Match, Target
from .param_values import ParamValues
from .plan import Change, Reason, RestoreStep

_QUESTIONS: dict[Reason, str] = {
    "ambiguous": "Several connections in the target have this name, connector, owner and space. Choose one.",
    "claimed-twice": "Another archived connection matches the same one in the target. Choose one of them.",
    "owner-unmapped": "Its owner is not mapped, and the target has connections with this name. Decide whether it is"
    " one of them.",
    "other-connector": "The id map leads to a connection with another connector. Correct the map, or choose one.",
    "not-visible": "It is in the id map, but the caller can't see it: it has another owner, or was deleted. Set the"
    " action to skip if it has another owner (automatic if the journal shows it), or to create if it was deleted.",
}
_ANSWERS = " Set target_id and the action to update or skip, or only the action to create."


@frozen
class StepMaker:
    """Makes the steps of a plan.

    Attributes:
        same_tenant: Whether the backup is restored into its own tenant.
        connectors: Ids of the target's connectors; None if unknown.
        existing: What to do with existing connections that differ: `update` or `skip`.
        values: The given values.
        asked: The target's connectors, with their params, by id; only those that could be read.
        sent: Params whose values were set before, by connection; secret ones among them are not set again.
    """

    same_tenant: bool
    connectors: Collection[str] | None
    existing: Literal["update", "skip"]
    values: ParamValues
    asked: Mapping[str, Connector] = field(factory=dict)
    sent: Mapping[str, Collection[str]] = field(factory=dict)
    _kept: dict[str, str] = field(init=False, factory=dict)
    """Sentences and notes, which many steps share."""

    def wants_detail(self, item: DesiredState, match: Match) -> bool:
        """Return whether the target's connection must be read to plan its step."""
        found = match.target
        if found is None or item.unreadable is not None or is_managed(item.connector_id):
            return False
        gets_values = self.existing == "update" and self.values.has(item.id)
        return gets_values or (item.consent and found.is_connected is False)

    def step(self, item: DesiredState, match: Match, detail: Connection | None) -> RestoreStep:
        """Return the step of an archived connection.

        Args:
            item: Its desired state.
            match: Its match.
            detail: The target's connection; None if not read.
        """
        if item.unreadable is not None:
            return self._made(item, "skip", "incomplete", f"Restore it by hand: {item.unreadable}")
        if is_managed(item.connector_id):
            step = self._made(item, "skip", "managed", "The service creates and manages it itself.")
            if match.target is not None:
                step.target_id = match.target.id
                if match.target.id != item.id:
                    step.notes.append(f"Its new owner has {match.target.id} instead, which the id map names.")
            return step
        if not item.connector_id:
            return self._made(item, "skip", "incomplete", "The archive doesn't name its connector.")
        if self.connectors is not None and item.connector_id not in self.connectors:
            sentence = f"The target has no connector {item.connector_id}."
            return self._made(item, "skip", "connector-unknown", sentence)
        if match.question is not None:
            answers = "" if match.question == "not-visible" else _ANSWERS
            step = self._made(item, "ask", match.question, _QUESTIONS[match.question] + answers)
            step.candidates = list(match.candidates)
            self._note_params(step, item)
            step.notes = [*match.notes, *self._unmapped(item, new=True), *self._doubts(item)]
        elif match.target is None:
            step = self._made(item, "create", "missing", "It doesn't exist in the target.")
            if item.doubt is not None:
                step = self._made(item, "ask", item.doubt.reason, item.doubt.sentence)
            self._note_params(step, item)
            step.notes = [*match.notes, *self._unmapped(item, new=True), *self._doubts(item)]
            if step.without_value:
                step.notes.append(f"No value is given for {', '.join(step.without_value)}: a person must enter it.")
            if item.consent:
                step.notes.append("Once it is created, a person must give consent in a browser.")
        else:
            step = self._existing(item, match.target, detail)
            if match.notes:
                step.notes[:0] = match.notes
        if step.notes:
            step.notes = [self._kept.setdefault(note, note) for note in step.notes]
        return step

    def _made(
        self, item: DesiredState, action: Literal["create", "update", "skip", "ask"], reason: Reason, sentence: str
    ) -> RestoreStep:
        sentence = self._kept.setdefault(sentence, sentence)
        return RestoreStep(
            item.id, item.name, item.connector_id, action, reason, sentence, None, item.owner_id, item.space_id
        )

    def _note_params(self, step: RestoreStep, item: DesiredState) -> None:
        given = self.values.names(item.id)
        connector = self.asked.get(item.connector_id)
        if connector is None:
            step.params = list(dict.fromkeys([*item.params, *given]))
            step.without_value = [name for name in item.required if name not in given]
            return
        known = {param.name: param for param in connector.params if param.name}
        step.params = list(known)
        step.without_value = [name for name, param in known.items() if param.optional is False and name not in given]

    def _doubts(self, item: DesiredState) -> list[str]:
        """Return notes on values that the target's connector may not accept, without the values themselves."""
        connector = self.asked.get(item.connector_id)
        if connector is None:
            return []
        known = {param.name: param for param in connector.params if param.name}
        given = self.values.names(item.id)
        unknown = [name for name in given if name not in known]
        doubts = [f"Its connector has no param {', '.join(unknown)}: not set."] if unknown else []
        for name in given:
            options = known[name].options if name in known else []
            if options and not any(self.values.equals(item.id, name, option) for option in options):
                doubts.append(f"The value of {name} is not one of its choices: {', '.join(options)}.")
        return doubts

    def _unmapped(self, item: DesiredState, *, new: bool) -> list[str]:
        if self.same_tenant:
            return []
        notes = []
        if item.owner_id is None and item.archived_owner is not None:
            what = "the caller keeps it" if new else "it keeps its current owner"
            notes.append(f"Its owner {item.archived_owner} is not mapped: {what}.")
        if item.space_id is None:
            what = "it goes into a personal space" if new else "it stays where it is"
            notes.append(f"Its space {item.archived_space} is not mapped: {what}.")
        return notes

    def _existing(self, item: DesiredState, found: Target, detail: Connection | None) -> RestoreStep:
        settable = [] if detail is None else self._differing(item, detail)
        changes: list[Change] = []
        if self.existing == "update":
            if item.name not in (None, found.name):
                changes.append("name")
            if item.owner_id not in (None, found.owner_id):
                changes.append("owner")
            if item.space_id not in (None, found.space_id):
                changes.append("space")
            if settable:
                changes.append("params")
        link = detail.redirect if detail is not None else None
        waits = item.consent and found.is_connected is False and link is not None
        if changes:
            sentence = f"It exists, but differs in {_listed(changes)}."
            step = self._made(item, "update", "differs", sentence)
            step.params = settable
        elif waits:
            sentence = "It exists, but waits for a person's consent: open its link in a browser."
            step = self._made(item, "skip", "needs-consent", sentence)
        else:
            step = self._made(item, "skip", "exists", "It exists and is up to date.")
            if self.existing == "skip":
                step.sentence = "It exists, and existing connections are left alone."
        step.target_id, step.changes = found.id, changes
        step.link = link if waits else None
        step.notes = self._unmapped(item, new=False)
        if detail is not None and self.existing == "update":
            known = {param.name for param in detail.params}
            unknown = [name for name in self.values.names(item.id) if name not in known]
            if unknown:
                step.notes.append(f"The connection in the target has no param {', '.join(unknown)}: not set.")
            if self.sent.get(item.id) and not settable and self.values.has(item.id):
                step.notes.append("Its secret values were set before; to change them, use another journal.")
        return step

    def _differing(self, item: DesiredState, detail: Connection) -> list[str]:
        """Return the params whose given value differs from the target's, or is secret and can't be compared."""
        if self.existing == "skip":
            return []
        given, sent = set(self.values.names(item.id)), self.sent.get(item.id, ())
        return [
            param.name
            for param in detail.params
            if param.name in given
            and (
                param.name not in sent
                if param.field_type == "password"
                else not self.values.equals(item.id, param.name, param.value)
            )
        ]


def _listed(changes: list[Change]) -> str:
    return changes[0] if len(changes) == 1 else f"{', '.join(changes[:-1])} and {changes[-1]}"

"""Carries out a plan step by step, so that it can be stopped anywhere and resumed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Final, Generic, Literal, Protocol, TypeVar

from attrs import frozen

from .. import Connection, Tenant
from ..errors import APIError, ConfigurationError, NotFoundError, QlikError
from ._cancellation import cancellable
from ._parallel import CircuitBreaker
from ._progress import OnProgress, Progress
from ._record import P, Record

# Few: each call that nobody answered was tried several times.
_MOST_UNREACHABLE: Final = 3


class Step(Protocol):
    """A step of whatever plan."""

    @property
    def id(self) -> str: ...


S = TypeVar("S", bound=Step)
S_in = TypeVar("S_in", bound=Step, contravariant=True)


class StepFailed(QlikError):
    """A step can't be done; the others can.

    Args:
        sentence: Why.
        reason: The same as a code.
        cause: The call's error; None if it was not one.
    """

    def __init__(self, sentence: str, reason: str = "", cause: APIError | None = None) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.cause = cause


@frozen
class Result:
    """The outcome of a step.

    Attributes:
        outcome: How it ended, in the words of its job; `failed` in all of them.
        sentence: The same as a sentence.
        reason: Why it failed, as a code.
    """

    outcome: str
    sentence: str
    reason: str = ""


class StepRunner(Protocol[S_in]):
    """Does the steps of one kind of plan."""

    def known_result(self, step: S_in) -> Result | None:
        """Return the result of a step that nothing is left to do for; None if there is."""
        ...

    def run(self, step: S_in) -> Result:
        """Do a step.

        Raises:
            StepFailed, APIError, ConfigurationError: It failed; the others may do well.
            JobError: The journal can't be written.
        """
        ...


class PlanRun(Generic[P, S]):
    """One run of a plan: of the one that is given, or of the journal's where that is not finished.

    Args:
        job: Name of the job.
        record: The journal.
        plan: The given plan.

    Attributes:
        plan: The plan that is carried out.
        resumed: Whether that is the journal's, which is not finished.
        repeated: Whether that was carried out before, and finished.
        results: The outcomes of the steps so far, by their ids.
    """

    def __init__(self, job: str, record: Record[P], plan: P) -> None:
        self._job = job
        self._record = record
        begun = record.plan
        self.resumed = begun is not None and not record.is_finished
        self.repeated = begun is not None and record.is_finished and begun == plan
        self.plan: P = begun if begun is not None and (self.resumed or self.repeated) else plan
        self.results: dict[str, Result] = {}

    def begin(self) -> None:
        """Note in the journal that the run begins, unless it goes on."""
        if not (self.resumed or self.repeated):
            self._record.begin(self.plan)

    def perform(
        self,
        steps: Sequence[S],
        runner: StepRunner[S],
        on_progress: OnProgress,
        cancel: threading.Event | None,
        *,
        scrub: Callable[[str], str] = str,
    ) -> None:
        """Do what is left to do, and note what comes of it.

        Args:
            steps: The steps.
            runner: What does them.
            on_progress: Told after each step.
            cancel: Ends it between two steps, or where it waits, when set.
            scrub: Takes secrets out of the text of an error.

        Raises:
            JobCancelled: It was cancelled; what was under way is done, or is gone on with by the next run.
            APIError: The sign-in was refused, or nobody answers any longer.
            JobError: The journal can't be written.
        """
        breaker = CircuitBreaker(_MOST_UNREACHABLE)
        failed = 0
        for number, step in enumerate(steps, start=1):
            result = runner.known_result(step)
            if result is None:
                error: APIError | None = None
                try:
                    with cancellable(cancel, self._job):
                        result = runner.run(step)
                except (APIError, StepFailed, ConfigurationError) as failure:
                    error = failure.cause if isinstance(failure, StepFailed) else None
                    error = failure if isinstance(failure, APIError) else error
                    result = Result("failed", scrub(str(failure)), getattr(failure, "reason", ""))
                    failed += 1
                    self._record.note("failed", step.id, sentence=result.sentence, reason=result.reason or None)
                    if error is not None:
                        # It may be raised, to be shown by the caller.
                        error.args = (result.sentence,)
                else:
                    self._note_done(step, result)
                self.results[step.id] = result
                breaker.note(error)
            self.results[step.id] = result
            on_progress(Progress(self._job, number, len(steps), failed))

    def _note_done(self, step: S, result: Result) -> None:
        state = self._record.state(step.id)
        if (state.outcome, state.sentence) != (result.outcome, result.sentence):
            self._record.note("done", step.id, outcome=result.outcome, sentence=result.sentence)

    def finish(self) -> None:
        """Note that the run did all."""
        if not self._record.is_finished:
            self._record.note("finished")


class Placer:
    """Gives connections to owners and puts them into spaces, and reads them to be sure.

    Args:
        tenant: Where.
        record: The journal.
        sees_all: Whether the caller sees everybody's connections.
    """

    def __init__(self, tenant: Tenant, record: Record[P], *, sees_all: bool) -> None:
        self._connections = tenant.connections
        self._record = record
        self._sees_all = sees_all

    def place(self, step_id: str, id: str, change: Literal["owner", "space"], to: str | None) -> Connection | None:
        """Change the owner or the space of a connection.

        Args:
            step_id: The step that it is for.
            id: The connection.
            change: What is to change.
            to: The new owner, or the new space; None for the owner's personal space.

        Returns:
            The connection after it; None if its new owner has it, and the caller can't see it any longer.

        Raises:
            StepFailed: The service refused it or did not do it, or it is not known whether it did.
            JobError: The journal can't be written.

        Sends a POST (tier 2) and a GET (tier 1).
        """
        self._record.note("changing", step_id, change=change, to=to)
        failure: APIError | None = None
        try:
            if change == "owner":
                self._connections.change_owner(id, user_id=to or "")
            else:
                self._connections.change_space(id, space_id=to)
        except APIError as error:
            if not error.may_have_been_processed:
                self._record.note("refused", step_id, change=change)
                reason = "not-found" if isinstance(error, NotFoundError) else "refused"
                raise StepFailed(str(error), reason, error) from error
            failure = error
        seen = self._seen(id, change, failure)
        if seen is None:
            return None
        if (seen.owner_id if change == "owner" else seen.space_id or None) != to:
            if failure is not None:
                raise StepFailed(str(failure), "unanswered", failure) from failure
            raise StepFailed(
                f"The service agreed to change the {change}, but the connection does not show it.", "no-effect"
            )
        self._record.note("changed", step_id, change=change)
        return seen

    def _seen(self, id: str, change: str, failure: APIError | None) -> Connection | None:
        try:
            return self._connections.get(id)
        except APIError as error:
            is_gone = isinstance(error, NotFoundError)
            if is_gone and failure is None and change == "owner" and not self._sees_all:
                return None
            raise StepFailed(
                f"Its {change} may have changed, but that can't be read: {failure or error}",
                "not-found" if is_gone else "unreadable",
                failure or error,
            ) from error

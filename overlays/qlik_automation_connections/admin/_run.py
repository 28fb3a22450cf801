"""Run a plan step by step. It can be stopped at any point and resumed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Final, Generic, Literal, Protocol, TypeVar

from attrs import frozen

from ..errors import APIError, ConfigurationError, NotFoundError, QlikError
from ._cancellation import cancellable
from ._parallel import CircuitBreaker
from ._progress import OnProgress, Progress
from ._record import P, Record

# Low, because each of these calls was already retried.
_MOST_UNREACHABLE: Final = 3


class Step(Protocol):
    """A step of any plan."""

    @property
    def id(self) -> str: ...


S = TypeVar("S", bound=Step)
S_in = TypeVar("S_in", bound=Step, contravariant=True)


class StepFailed(QlikError):
    """A step failed; others can still succeed.

    Args:
        sentence: Why, as a sentence.
        reason: Why, as a code.
        cause: The error of the call, if any.
    """

    def __init__(self, sentence: str, reason: str = "", cause: APIError | None = None) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.cause = cause


@frozen
class Result:
    """The outcome of a step.

    Attributes:
        outcome: How it ended; each job has its own values, and `failed`.
        sentence: The outcome as a sentence.
        reason: Why it failed, as a code.
    """

    outcome: str
    sentence: str
    reason: str = ""


class StepRunner(Protocol[S_in]):
    """Runs the steps of one kind of plan."""

    def known_result(self, step: S_in) -> Result | None:
        """Return the result of a step that is already done; None if something is left to do."""
        ...

    def run(self, step: S_in) -> Result:
        """Run a step.

        Raises:
            StepFailed, APIError, ConfigurationError: The step failed; others may succeed.
            JobError: The journal can't be written.
        """
        ...


class PlanRun(Generic[P, S]):
    """A run of a plan: the journal's plan if unfinished, otherwise the given one.

    Args:
        job: Name of the job.
        record: The journal.
        plan: The given plan.

    Attributes:
        plan: The plan being run.
        resumed: Whether the run continues an unfinished one from the journal.
        repeated: Whether the plan was already completed before.
        results: Results of the steps so far, by step id.
    """

    def __init__(self, job: str, record: Record[P], plan: P) -> None:
        self._job = job
        self._record = record
        begun = record.plan
        self.resumed = begun is not None and not record.is_finished
        # One that was made later is meant again, even if it does the same.
        self.repeated = begun is not None and record.is_finished and (begun, begun.made_at) == (plan, plan.made_at)
        self.plan: P = begun if begun is not None and (self.resumed or self.repeated) else plan
        self.results: dict[str, Result] = {}

    def begin(self) -> None:
        """Note in the journal that the run begins, unless it was resumed or repeated."""
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
        """Run the remaining steps and record their results.

        Args:
            steps: The steps.
            runner: Runs each step.
            on_progress: Called after each step.
            cancel: Stops between two steps, or during a wait, when set.
            scrub: Removes secrets from the text of an error.

        Raises:
            JobCancelled: `cancel` was set; the step in progress was completed, or the next run resumes it.
            APIError: Signing in failed, or the tenant can no longer be reached.
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
                        # The breaker may raise it, and the caller show it.
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
        """Note that the run is complete."""
        if not self._record.is_finished:
            self._record.note("finished")


class Placed(Protocol):
    """A connection or an automation."""

    @property
    def owner_id(self) -> str | None: ...
    @property
    def space_id(self) -> str | None: ...


L = TypeVar("L", bound=Placed)
L_co = TypeVar("L_co", bound=Placed, covariant=True)


class Movable(Protocol[L_co]):
    """The operations that place connections, or automations."""

    def get(self, id: str) -> L_co: ...
    def change_owner(self, id: str, *, user_id: str) -> None: ...
    def change_space(self, id: str, *, space_id: str | None) -> None: ...


class Placer(Generic[L]):
    """Changes owners and spaces of connections or automations, and reads them back to verify.

    Args:
        items: The tenant's connections, or its automations.
        record: The journal.
        sees_all: Whether the caller can see everybody's.
        noun: What they are.
    """

    def __init__(self, items: Movable[L], record: Record[P], *, sees_all: bool, noun: str = "connection") -> None:
        self._items = items
        self._record = record
        self._sees_all = sees_all
        self._noun = noun

    def place(self, step_id: str, id: str, change: Literal["owner", "space"], to: str | None) -> L | None:
        """Change the owner or the space.

        Args:
            step_id: The step.
            id: The connection or automation.
            change: What to change: `owner` or `space`.
            to: The new owner or space; None for the owner's personal space.

        Returns:
            What it is after the change; None if the new owner has it and the caller can no longer see it.

        Raises:
            StepFailed: The service refused or ignored the change, or its outcome is unknown.
            JobError: The journal can't be written.

        Sends a POST (tier 2) and a GET (tier 1).
        """
        self._record.note("changing", step_id, change=change, to=to)
        failure: APIError | None = None
        try:
            if change == "owner":
                self._items.change_owner(id, user_id=to or "")
            else:
                self._items.change_space(id, space_id=to)
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
                f"The service accepted the change of {change}, but the {self._noun} does not show it.", "no-effect"
            )
        self._record.note("changed", step_id, change=change)
        return seen

    def _seen(self, id: str, change: str, failure: APIError | None) -> L | None:
        try:
            return self._items.get(id)
        except APIError as error:
            is_gone = isinstance(error, NotFoundError)
            if is_gone and failure is None and change == "owner" and not self._sees_all:
                return None
            raise StepFailed(
                f"Its {change} may have changed, but the {self._noun} could not be read: {failure or error}",
                "not-found" if is_gone else "unreadable",
                failure or error,
            ) from error

"""The register of evaluations."""

from portal.errors.installation import LurusError


class EvaluationError(LurusError):
    """Something about the register of evaluations does not hold."""


class NoSuchEvaluationError(EvaluationError):
    """No evaluation of that number stands in the register."""


class NoSuchFindingError(EvaluationError):
    """No finding of that number stands in the register."""


class NoSuchYearError(EvaluationError):
    """Of this year nothing is known: it has not begun, or there was no portal yet."""


class PlannedBeforeError(EvaluationError):
    """An evaluation is due on that day already."""


class RecordedBeforeError(EvaluationError):
    """That was recorded before; what stands in the register stays."""

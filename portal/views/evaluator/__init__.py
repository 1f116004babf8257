"""Pages of evaluators: sample cases, and facts of the process; nothing else."""

from portal.views.evaluator import cases, process
from portal.views.evaluator.blueprint import bp

__all__ = ["bp", "cases", "process"]

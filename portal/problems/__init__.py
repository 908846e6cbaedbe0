"""Problems: how programs are told that something went wrong (RFC 9457). One list of types, a page for each."""

from portal.problems.problem import Problem, ProblemError, problem
from portal.problems.problem_type import ProblemType

__all__ = ["Problem", "ProblemError", "ProblemType", "problem"]

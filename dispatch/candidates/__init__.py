"""Who could go to one case: the rules about a person and a case (`rules`), and the best five (`asking`)."""

from dispatch.candidates.asking import Candidate, Candidates, Load, candidates
from dispatch.candidates.rules import Rule

__all__ = ["Candidate", "Candidates", "Load", "Rule", "candidates"]

"""A problem as a file and the plan as its answer: `read` and `answer`, plain JSON values in and out.

`data/reference/problem.schema.json` is the form, `docs/solve.md` explains every key. `at` reads one value and knows
where it stands, `reading` makes a Problem of them, `answering` writes the plan. Anybody may be asked to solve anybody's
problem, so what does not fit is said with its place, its value and the way out (`BadProblem`).
"""

from dispatch.solver.problemfile.answering import answer
from dispatch.solver.problemfile.at import BadProblem
from dispatch.solver.problemfile.reading import Posed, read

__all__ = ["BadProblem", "Posed", "answer", "read"]

"""Why a plan is as it is: what everybody would cost for one task, what keeps them from it, what would help, and how two
plans differ. `pricing` puts one task into one row, `offers` asks everybody, `remedies` tries what would help,
`comparing` lays two plans side by side. Codes and whole numbers only; who shows them makes the sentences.
"""

from dispatch.solver.explaining.comparing import Change, Diff, compare
from dispatch.solver.explaining.offers import Explanation, Offer, explain
from dispatch.solver.explaining.remedies import REMEDIES, Remedy

__all__ = ["REMEDIES", "Change", "Diff", "Explanation", "Offer", "Remedy", "compare", "explain"]

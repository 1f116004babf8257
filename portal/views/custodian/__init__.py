"""Pages of the custodians: the cases that were put before them."""

from portal.views.custodian import acts, case, desk, figures, rounds, shares
from portal.views.custodian.blueprint import bp

__all__ = ["acts", "bp", "case", "desk", "figures", "rounds", "shares"]

"""What becomes of a feed: totals, holds, release, conflicts, account questions, report."""

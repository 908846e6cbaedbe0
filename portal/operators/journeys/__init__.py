"""Pages of accounts on their way from paper: the funnel, the cohorts, why paper was sent; and the list behind each
figure."""

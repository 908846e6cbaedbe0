"""The yearly question whether bills without paper still suit a customer: when it is due, asked, answered."""

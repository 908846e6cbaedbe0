"""What was paid: payments as they were told, the bills they are of, and what payers may call a bill."""

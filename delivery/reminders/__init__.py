"""Plans and stops the reminders of bills and of payment plans."""

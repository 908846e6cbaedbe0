"""What a worker does for test sides alone: resets them, and plays their customers."""

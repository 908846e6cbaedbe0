"""What a person takes away: all their bills in one archive, and all that is kept about them."""

"""Bill -> person: choose a channel, notify, remind, print, hear back."""

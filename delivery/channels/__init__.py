"""One package for each channel by which a person is reached."""

"""The portal as a channel: a bill is presented when its holders may see it there."""

"""The channels by which a bill is delivered: e-mail and portal, paper."""

"""The channels by which a bill is delivered: portal, e-mail, SMS, push, paper. What those have in common that bring a
message to a person is beside them: leases, attempts, retries, turns (`send_due`)."""

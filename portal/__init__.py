"""The Flask app: consumers, issuers' console and API, operators. Reads a request, calls one function, shows."""

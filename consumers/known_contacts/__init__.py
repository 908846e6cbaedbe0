"""Contracts that are offered to a person by an e-mail address or a phone of theirs which an issuer knows."""

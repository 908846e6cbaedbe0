"""Consumers' pages of what they ask issuers about bills."""

"""Pages for operators and, within their issuer's scope, issuers' members."""

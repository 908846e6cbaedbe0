"""Paying on line: the issuer's payment provider shows a page of its own, and tells us by a signed request what became
of the payment. The money never comes to us, and no fee is taken.
"""

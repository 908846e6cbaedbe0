"""E-reporting: the operations and payments that an issuer declares to the tax administration (CGI art. 290, 290 A).

Bills to consumers are no e-invoices: they are declared in sums a day, as flux 10.3 (operations) and 10.4 (payments) of
the DGFiP's external specifications, annexe 7 v1.8. An approved platform sends the files.
"""

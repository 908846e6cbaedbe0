"""Forecasts of adoption: Bass diffusion fitted to an issuer's months, with a band and a back-test. Pure but for
`refresh_forecasts`; scipy is imported by `bass_fit` alone, which the portal never imports."""

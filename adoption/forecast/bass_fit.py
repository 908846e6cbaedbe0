"""Fits Bass diffusion to monthly shares by nonlinear least squares on their steps (Srinivasan & Mason, "Nonlinear
Least Squares Estimation of New Product Diffusion Models", Marketing Science 5, 1986), and resamples its residuals.

Bass (Management Science 15, 1969): dF/dt = (p + qF)(1 - F), share = m F. Time is in months. The only file that imports
scipy and numpy.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import leastsq

from adoption.forecast.forecast import HORIZON, INSIDE_BAND, BassParameters

Numbers = NDArray[np.float64]

#: Bounds of p and q a month. Yearly p are about 0.03 and q 0.4 (Sultan, Farley & Lehmann, J. Marketing Research 27,
#: 1990): a tenth of that a month is usual, and ten times as much the most that is believed.
_LEAST: Final = (1e-5, 0.0)
_MOST: Final = (0.1, 0.8)
#: Where a fit begins: a slow start carried by others, a quick one, and one that hardly spreads.
_BEGINNINGS: Final = ((0.002, 0.12), (0.02, 0.05), (0.005, 0.3))
#: And where m begins, between what was reached and 1. Not at half, whose logit is 0: MINPACK stays there.
_CEILINGS: Final = (0.1, 0.4, 0.8)
_MONTHS: Final = np.arange(1000.0)
#: Beyond this logit a parameter lies on its bound.
_FAR: Final = 20.0
_ENOUGH: Final = 1e-8  # the valley is flat: less leaves the fit where it began
_EVALUATIONS: Final = 300
#: Histories resampled for a band, always the same ones.
HISTORIES: Final = 120
_SEED: Final = 20261127


class Band(NamedTuple):
    """Shares by month: the middle, which never falls, the lower and the upper end."""

    middle: list[float]
    low: list[float]
    high: list[float]


class BassFit(NamedTuple):
    """A fit to known shares: its parameters, and the residual of each step, weighted."""

    parameters: BassParameters
    shares: Numbers
    weights: Numbers
    residuals: Numbers


class _Solved(NamedTuple):
    """A solution: p, q and m, the weighted misses of the steps, and the sum of their squares."""

    parameters: Numbers
    misses: Numbers
    cost: float


def fit_bass(shares: Sequence[float], accounts: Sequence[int]) -> BassFit:
    """Return the best fit to these monthly shares. A step is known as exactly as the accounts it was counted on: it
    weighs the square root of their number."""
    known = np.asarray(shares, dtype=float)
    counted = np.asarray(accounts, dtype=float)
    weights = np.sqrt(np.minimum(counted[1:], counted[:-1]) / counted.mean())
    top = _lowest_ceiling(known)
    starts = [(*begin, top + (1 - top) * part) for begin in _BEGINNINGS for part in _CEILINGS]
    tried = [_solve(known[0], np.diff(known), weights, top, start) for start in starts]
    best = min(tried, key=lambda fit: fit.cost)
    spare = max(len(weights) - len(best.parameters), 1)
    residuals = -best.misses * np.sqrt(len(weights) / spare)
    return BassFit(BassParameters(*map(float, best.parameters)), known, weights, residuals - residuals.mean())


def forecast_band(fit: BassFit) -> Band:
    """Return the shares of the next HORIZON months. Each of HISTORIES histories takes the fitted steps with residuals
    drawn from the past, is fitted again, and goes on from the last known share with such residuals; the band holds
    INSIDE_BAND of them."""
    chance = np.random.default_rng(_SEED)
    paths = np.vstack([_history(fit, chance) for _ in range(HISTORIES)])
    outside = (1 - INSIDE_BAND) / 2 * 100
    low, median, high = np.percentile(paths, [outside, 50, 100 - outside], axis=0)
    middle = np.maximum.accumulate(median)  # a diffusion never falls: where the median does, that is the draw
    return Band(middle.tolist(), low.tolist(), np.maximum(high, middle).tolist())


def _history(fit: BassFit, chance: np.random.Generator) -> Numbers:
    """One history's shares of the next months."""
    best = fit.parameters
    begin, last = fit.shares[0], fit.shares[-1]
    fitted = _steps((best.alone, best.others, best.most), begin, len(fit.weights))
    drawn = fitted + chance.choice(fit.residuals, len(fitted)) / fit.weights
    top = _lowest_ceiling(np.append(begin + drawn.cumsum(), last))
    start = (best.alone, best.others, max(best.most, top))
    alone, others, most = _solve(begin, drawn, fit.weights, top, start).parameters
    strayed = chance.choice(fit.residuals, HORIZON).cumsum() / fit.weights.mean()
    return np.asarray(np.clip(last + _steps((alone, others, most), last, HORIZON).cumsum() + strayed, 0.0, 1.0))


def _solve(begin: float, steps: Numbers, weights: Numbers, top: float, start: Sequence[float]) -> _Solved:
    """Fit (p, q, m) to these steps from the share *begin* on; m is at least *top*. The bounds are kept by a logistic
    change of variables, which leaves MINPACK's Levenberg-Marquardt, twenty times as fast as a bounded method."""
    least, most = np.array((*_LEAST, top)), np.array((*_MOST, 1.0))

    def bounded(free: Numbers) -> Numbers:
        return np.asarray(least + (most - least) / (1 + np.exp(-np.minimum(np.maximum(free, -_FAR), _FAR))))

    def misses(free: Numbers) -> Numbers:
        return np.asarray((_steps(bounded(free), begin, len(steps)) - steps) * weights)

    inside = np.clip((np.asarray(start) - least) / (most - least), 0.001, 0.999)
    begun = np.log(inside / (1 - inside))
    found, *_ = leastsq(misses, begun, ftol=_ENOUGH, xtol=_ENOUGH, maxfev=_EVALUATIONS, full_output=True)
    left = misses(found)
    return _Solved(bounded(found), left, float(left @ left))


def _steps(parameters: Iterable[float], begin: float, months: int) -> Numbers:
    """By how much the share grows in each of the months after it was *begin*."""
    alone, others, most = parameters
    reached = min(begin / most, 1.0)
    ratio = others / alone
    still = (1 - reached) / (1 + ratio * reached) * np.exp(-(alone + others) * _MONTHS[: months + 1])
    share = most * (1 - still) / (1 + ratio * still)
    return np.asarray(share[1:] - share[:-1])


def _lowest_ceiling(shares: Numbers) -> float:
    """The least that m can be: what was reached already."""
    return float(np.clip(shares.max(), 0.001, 0.999))

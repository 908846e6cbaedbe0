"""Figures of the policy that nobody means: refused when a profile is handed in, with the bounds and why."""

from pathlib import Path

import pytest

from issuers.policy_bounds import BOUNDS, PolicyBound, check_policy_bounds
from issuers.profile import Policy, read_profile
from issuers.profile_section import ProfileError

pytestmark = pytest.mark.beside_any_database
GUIDE = (Path(__file__).parents[2] / "docs" / "issuers.md").read_text(encoding="utf-8")


def figures(bound: PolicyBound, figure: int) -> str:
    return f"[policy]\n{bound.key} = {[figure] if bound.most_figures > 1 else figure}\n"


@pytest.mark.parametrize("bound", BOUNDS.values(), ids=lambda bound: bound.key)
def test_each_choice_has_its_bounds(bound: PolicyBound) -> None:
    for figure in (bound.least, bound.most):
        check_policy_bounds(read_profile(figures(bound, figure)).policy)
    with pytest.raises(ProfileError) as refused:
        check_policy_bounds(read_profile(figures(bound, bound.most + 1)).policy)
    assert (refused.value.key, bound.why in str(refused.value)) == (f"policy.{bound.key}", True)
    assert f"de {bound.least} à {bound.most}" in refused.value.spelled("fr")
    assert f"| `{bound.key}` | {bound.least} to {bound.most} | {bound.why} |" in GUIDE
    check_policy_bounds(Policy())


def test_nine_reminders_are_refused_and_minus_one_day() -> None:
    with pytest.raises(ProfileError, match="at most 3 figures"):
        check_policy_bounds(Policy(remind_after_days=tuple(range(1, 10))))
    with pytest.raises(ProfileError, match="give a figure from 0 to 60"):
        check_policy_bounds(Policy(least_days_to_pay=-1))

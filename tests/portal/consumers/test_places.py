"""Each page of a consumer's space is within one of its places."""

from portal.access.route_policy import POLICY
from portal.consumers.presenters.places import PLACES


def test_each_page_is_within_one_place() -> None:
    within = [room for _, _, rooms in PLACES for room in rooms]
    pages = {
        endpoint.split(".")[0]
        for (endpoint, method), line in POLICY.items()
        if (method, line.who) == ("GET", "consumer")
    }
    assert not pages - set(within), "its page would mark no place"
    assert len(within) == len(set(within))

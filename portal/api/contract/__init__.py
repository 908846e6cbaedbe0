"""The API's contract: a route says beside itself what it takes and answers, and the OpenAPI document is made of it.

A route is a function with a signature. `@operation(…)` reads it: a parameter `query`, `headers` or `body` is a Struct,
read from the request and checked before the route is called; every other parameter is a part of the path; what is
returned is a report's type, and is encoded as it is. See `portal/api/feeds.py` for the model.
"""

from portal.api.contract.conditional_requests import IfMatch, Preconditions, check_preconditions, etag_of
from portal.api.contract.linked_pages import linked
from portal.api.contract.operation import operation
from portal.api.contract.reply import Reply

__all__ = ["IfMatch", "Preconditions", "Reply", "check_preconditions", "etag_of", "linked", "operation"]

"""What a question about a bill may be about."""

from typing import Final, Literal

ENQUIRY_SUBJECTS: Final = ("amount", "address", "meter", "other")
EnquirySubject = Literal["amount", "address", "meter", "other"]

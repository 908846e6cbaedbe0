"""Bill -> person: choose a channel, notify, remind, print, hear back."""

from delivery.answers import read_answers
from delivery.choose import choose, choose_bills
from delivery.errands import run_errand
from delivery.handover import hand_over, handing_over
from delivery.hear import bounced, returned, viewed
from delivery.held import HeldLetter, count_held, give_up, held_letters
from delivery.letter import Press, PrintRoom, Unprintable
from delivery.paper import awaits_printing, close_batch, join_batch, print_again
from delivery.postman import Postman, SMTPPostman, open_post
from delivery.print_house import PrintHouse, PrintHouseError, read_print_house
from delivery.relay import Relay
from delivery.send import awaits_sending, send_due
from delivery.wake import wake

__all__ = [
    "HeldLetter",
    "Postman",
    "Press",
    "PrintHouse",
    "PrintHouseError",
    "PrintRoom",
    "Relay",
    "SMTPPostman",
    "Unprintable",
    "awaits_printing",
    "awaits_sending",
    "bounced",
    "choose",
    "choose_bills",
    "close_batch",
    "count_held",
    "give_up",
    "hand_over",
    "handing_over",
    "held_letters",
    "join_batch",
    "open_post",
    "print_again",
    "read_answers",
    "read_print_house",
    "returned",
    "run_errand",
    "send_due",
    "viewed",
    "wake",
]

"""What people are told, in the same words on the page, on the phone and in a chat."""

from server.notify.texts.letter import letter_of
from server.notify.texts.one import Told, told_of

__all__ = ["Told", "letter_of", "told_of"]

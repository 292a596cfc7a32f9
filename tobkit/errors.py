"""The one exception that users see: something outside the pool stands in the way."""

from tobkit.messages import Message


class TobkitError(Exception):
    """One clear sentence for the user; the command ends with exit status 2.

    What is wrong in the user's own files is never raised: it is a diagnostic.
    """

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message

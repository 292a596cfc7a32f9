"""The one exception that users see: something outside the pool stands in the way."""

import errno

from tobkit.messages import Message, msg


class TobkitError(Exception):
    """One clear sentence for the user; the command ends with exit status 2.

    What is wrong in the user's own files is never raised: it is a diagnostic.
    """

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


_REASONS = {
    errno.ENOENT: msg("there is no such file or folder"),
    errno.EEXIST: msg("something of that name is there already"),
    errno.ENOTDIR: msg("a file stands where a folder should be"),
    errno.EISDIR: msg("it is a folder"),
    errno.EACCES: msg("permission denied"),
    errno.EPERM: msg("permission denied"),
    errno.EROFS: msg("the disk is read-only"),
    errno.ENOSPC: msg("the disk is full"),
    errno.ENAMETOOLONG: msg("the name is too long"),
    errno.EMFILE: msg("too many files are open"),
    errno.ELOOP: msg("links lead in a circle"),
}


def why(error: OSError) -> Message:
    """What stood in the way, in words that don't end a sentence; the system's own where we have none."""
    return _REASONS.get(error.errno or 0, Message("{why}", {"why": error.strerror or str(error)}))

"""What goes wrong on a person's machine."""


class LocalError(RuntimeError):
    """A known trouble. The message is a sentence for a person that says what to do; no traceback is shown."""

"""What the launcher says when it can't go on."""


class LaunchError(Exception):
    """The application can't be started; the message says what was expected and what was found."""

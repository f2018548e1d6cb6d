"""Errors of the business, in the words of the reader at the screen."""

from collections.abc import Mapping
from typing import Any


class BusinessError(Exception):
    """A step that can't be done: the message says what was expected and what was found.

    `message` is a whole translatable sentence with named values (`%(found)s`), `params` holds the values and may itself
    hold lazy texts; the sentence is put together when it is read, in the reader's language. `field` is the form field
    the error belongs to; `code` is a stable word for machines and tests, by default the class's own.
    """

    default_code = "refused"

    def __init__(
        self,
        message: Any,
        *,
        code: str | None = None,
        field: str | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.field = field
        self.params = dict(params or {})

    def __str__(self) -> str:
        return str(self.message) % self.params if self.params else str(self.message)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), str(self), self.code, self.field)


def _rebuild(kind: type[BusinessError], message: str, code: str, field: str | None) -> BusinessError:
    """A pickled error comes back as its finished sentence (a worker's error crosses processes)."""
    error = kind.__new__(kind)
    BusinessError.__init__(error, message, code=code, field=field)
    return error

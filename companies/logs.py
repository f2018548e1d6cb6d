"""Logs carry numbers and codes: secrets of links and the texts of errors are cut out before a line is written, and
nothing that somebody sent can begin a line of its own.
"""

import logging
import re
import traceback

# Ends of lines, and what moves a terminal's cursor; a tab stays.
CONTROL = {code: f"\\x{code:02x}" for code in (*range(9), *range(10, 32), *range(127, 160))}
CONTROL |= {code: f"\\u{code:04x}" for code in (0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))}
SECRET_IN_PATH = re.compile(r"(/(?:c|a|invitation|reset/key|confirm-email)/)[^/\s\"'?]+")


def cut(text: str) -> str:
    """The text with each link's secret replaced by three dots, on one line."""
    return SECRET_IN_PATH.sub(r"\1…", text).translate(CONTROL)


def frames(error: BaseException) -> str:
    """Where an error was raised, of which kind, and what caused it; never its text, which may quote a customer."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    before = frames(cause) + "\n\n" if cause else ""
    places = "".join(traceback.format_tb(error.__traceback__))
    return f"{before}{places}{type(error).__module__}.{type(error).__qualname__}"


class CutSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = cut(record.getMessage()), ()
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = frames(record.exc_info[1])
        return True

"""Logs carry numbers and codes; the secret of a link is cut out before a line is written."""

import logging
import re

SECRET_IN_PATH = re.compile(r"(/(?:c|a|invitation|reset/key|confirm-email)/)[^/\s\"'?]+")


def cut(text: str) -> str:
    """The text with each link's secret replaced by three dots."""
    return SECRET_IN_PATH.sub(r"\1…", text)


class CutSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = cut(record.getMessage()), ()
        return True

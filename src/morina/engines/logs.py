"""What a node writes into its logs: one record a line, and no secret in it.

A value somebody sends may hold line breaks or control characters, which could pass for a record of
our own or steer a terminal (CWE-117); and an address may hold a password. Neither is written.
"""

import logging
import re

HIDDEN = "***"
_USERINFO = re.compile(r"(\b[a-z][a-z0-9+.-]*://)[^/\s'\"]*@", re.I)
_BEARER = re.compile(r"\b(Bearer|Basic|Digest)\s+[A-Za-z0-9._~+/=-]{8,}", re.I)
_PUSH = re.compile(r"/push/[^\s/?'\"]+")
_NAMED = re.compile(
    r"\b((?:[a-z0-9]+[_-])*(?:password|passphrase|passwd|pwd|secret|token|api[_-]?key|cookie))"
    r"(['\"]?\s*[=:]\s*)(?:b?'[^']*'|b?\"[^\"]*\"|[^\s,;&)}\]]+)",
    re.I,
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
FORMAT = "%(asctime)s %(levelname)s %(message)s"


def without_secrets(text: str) -> str:
    """``text`` with logins in addresses, tokens, push secrets and named passwords as ``***``."""
    text = _USERINFO.sub(rf"\1{HIDDEN}@", text)
    text = _BEARER.sub(rf"\1 {HIDDEN}", text)
    text = _PUSH.sub(f"/push/{HIDDEN}", text)
    return _NAMED.sub(rf"\1\2{HIDDEN}", text)


def on_one_line(text: str) -> str:
    r"""Control characters, line breaks and writing turned about written as ``\n``, ``\x1b``."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


class SafeFormatter(logging.Formatter):
    """Records in one line each; the lines of a traceback after it, set in."""

    def format(self, record: logging.LogRecord) -> str:
        """See logging.Formatter."""
        record.message = on_one_line(without_secrets(record.getMessage()))
        record.asctime = self.formatTime(record, self.datefmt)
        lines = [self.formatMessage(record)]
        if record.exc_info:
            lines += without_secrets(self.formatException(record.exc_info)).splitlines()
        if record.stack_info:
            lines += without_secrets(record.stack_info).splitlines()
        return "\n    ".join(on_one_line(line) for line in lines)


def log_safely(level: int = logging.WARNING) -> None:
    """Let everything this process logs go to standard error through ``SafeFormatter``."""
    handler = logging.StreamHandler()
    handler.setFormatter(SafeFormatter(FORMAT))
    logging.basicConfig(level=level, handlers=[handler])

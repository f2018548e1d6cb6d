"""The second factor of a login: an authenticator, security keys, recovery codes, and the ways out when they are lost.

allauth.mfa holds the factors and asks for them; here stands what is ours: a code works once, secrets lie encrypted, a
proved factor marks the session in the database, and nobody loses or lifts one silently.
"""

from companies.factors.codes import CodeError, use_code

__all__ = ["CodeError", "use_code"]

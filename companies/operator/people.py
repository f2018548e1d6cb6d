"""The operator's own people: logins that only a command makes, since it asks for the proof of a service."""

from companies.signing import ask, prove


def add_operator(*, email: str, name: str, password: str) -> int:
    """A login of the computing centre, by its password's hash; its id."""
    issued, proof = prove("service", "operator", email, name, password)
    return int(ask("SELECT sec.make_operator(%s, %s, %s, %s, %s)", [email, name, password, issued, proof])[0][0])

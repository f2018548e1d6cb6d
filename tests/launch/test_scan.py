"""bin/proof scan fails for what it finds and for what it hasn't looked at."""

from dataclasses import replace
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from proofs._planted import Endpoint, Planted, served
from proofs.scan import FEWEST, Found, is_clean, read

CLEAN = Found(pages=FEWEST, findings=[], errors=0)


def report(*rows: tuple[str, str], pages: int = 10, errors: int = 0) -> dict[str, Any]:
    """A report of wapiti with these findings: kind and path."""
    found: dict[str, Any] = {"SQL Injection": [], "Cross Site Request Forgery": []}
    for kind, path in rows:
        found[kind].append({"path": path, "info": "Found"})
    return {
        "infos": {"crawled_pages_nbr": pages},
        "vulnerabilities": found,
        "anomalies": {"Internal Server Error": [{}] * errors},
    }


def test_visited_doors_without_a_finding_are_clean() -> None:
    assert is_clean({"clerk": CLEAN, "adviser": CLEAN})


@pytest.mark.parametrize(
    "fault", [{"pages": 0}, {"pages": FEWEST - 1}, {"findings": ["SQL Injection: /a: Found"]}, {"errors": 1}]
)
def test_door_not_visited_a_finding_or_a_server_error_fails(fault: dict[str, Any]) -> None:
    assert not is_clean({"clerk": CLEAN, "adviser": replace(CLEAN, **fault)})


def test_no_door_at_all_fails() -> None:
    assert not is_clean({})


def test_report_is_read_with_its_pages_findings_and_server_errors() -> None:
    forged = "Cross Site Request Forgery"
    found = read(report((forged, "/duinbaken/office/"), ("SQL Injection", "/a/apply/")))
    assert found == Found(
        pages=10, findings=[f"{forged}: /duinbaken/office/: Found", "SQL Injection: /a/apply/: Found"], errors=0
    )
    assert read(report(errors=2, pages=0)) == Found(pages=0, findings=[], errors=2)


def test_planted_page_has_its_faults_and_reaches_nothing_but_the_endpoint() -> None:
    with served(Endpoint) as endpoint, served(Planted, endpoint=endpoint) as planted:

        def ask(path: str) -> str:
            with urlopen(f"{planted}planted/{path}") as answer:
                return str(answer.read().decode())

        assert "<script>" in ask(f"echo?text={quote('<script>')}")
        assert "OperationalError" in ask(f"find?name={quote(chr(39))}")
        assert "root:x:0" in ask(f"read?file={quote('../etc/passwd')}")
        assert "fetched" in ask(f"fetch?address={quote(endpoint + 'ssrf/s/1/6e/')}")
        assert "fetched" not in ask(f"fetch?address={quote(planted)}")
        with urlopen(f"{endpoint}get_ssrf.php?session_id=s") as answer:
            assert b'"6e"' in answer.read()

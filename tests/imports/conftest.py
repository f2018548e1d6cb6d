"""A provider with its books, and a clerk who may bring files of every kind."""

import pytest

from tests import given
from tests.imports import scenes


@pytest.fixture
def company():
    return given.provider()


@pytest.fixture
def clerk(company):
    return scenes.clerk_of(company)

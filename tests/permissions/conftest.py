"""The two companies of the matrix, for every test of this folder."""

from tests.permissions.test_matrix import worlds as worlds

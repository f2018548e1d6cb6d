from tests.chain.conftest import woken

__all__ = ["woken"]

"""All doors in one URLconf: for commands and tests; a web process opens only its own."""

urlpatterns: list = []

"""The faces of the house: login landing, today pages, extranet, error pages. It shows and decides nothing."""

"""Money, periods, clock, formats and texts: plain Python under every room, no tables."""

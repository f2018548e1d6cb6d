"""Quotations: an accepted application with its price, its papers and its validity; ordered once."""

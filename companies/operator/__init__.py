"""The computing centre: its own process, its console, and the windows through which companies let it look in."""

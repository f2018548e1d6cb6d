"""A believable portfolio for the demo: households, advisers and contracts of several years, drawn by a seed and taken
over by the services of an order (policies.services.past).
"""

"""Module Admin: the company's people, their invitations and sessions, letterhead and modules; and everybody's own
login.
"""

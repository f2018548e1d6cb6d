"""Policies: versions, sections, premium and invoices; an order becomes all of them in one transaction."""

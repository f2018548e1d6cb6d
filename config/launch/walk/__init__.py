"""What the smoke walk does: visitors, mails, papers, employees and books, as a stranger meets them from outside."""

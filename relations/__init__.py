"""People and organisations a company deals with: parties with addresses, bank accounts, appointments of advisers."""

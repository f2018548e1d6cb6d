"""Mail to customers and advisers: one message per addressee, filed with its papers, sent by a worker, never lost."""

"""Printed documents: content in, PDF out. Start at `render`; what a document takes stands in `contents`."""

"""What can go wrong while a document is printed; each error says what was expected and what was found."""


class PaperError(Exception):
    """A document could not be printed; nothing was produced."""


class BrandRefused(PaperError):
    """The look of a company breaks a rule: a colour too pale to read, a logo that isn't a plain picture."""


class ContentRefused(PaperError):
    """What should be printed contradicts itself: parts that don't add up to their total, a missing part."""


class PaperTooLarge(PaperError):
    """A text, the whole document or its number of pages passes the limit."""


class ForeignAddress(PaperError):
    """The document asked for something outside our own assets: an address, a local file, an unsafe picture."""

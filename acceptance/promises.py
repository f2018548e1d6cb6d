"""The jobs that a decision promises; the rooms that do them register under these kinds."""

RELEASE = "quotation.release"  # quotations: an accepting decision becomes a quotation
LETTER = "decision.letter"  # here: a refusal is told by letter and mail

"""Which letters of a shown text met the words of a search."""

import re
import unicodedata

from common.text import fold

WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """The words of a search as the index knows them, and, where there are several, all of them as one."""
    words = WORD.findall(fold(text))
    return [*words, "".join(words)] if len(words) > 1 else words


def marked(text: str, words: list[str]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it was met: a word from its start where one begins so, else from within."""
    plain, places = folded(text)
    met = [False] * len(text)
    for word in words:
        for start in starts_of(word, plain) or within(word, plain):
            for place in places[start : start + len(word)]:
                met[place] = True
    return pieces(text, met)


def folded(text: str) -> tuple[str, list[int]]:
    """Letters and digits without case and accents, a blank before each word, and which character each came from."""
    plain, places, apart = "", [], True
    for place, character in enumerate(text):
        letters = "".join(WORD.findall(fold(character)))
        if letters:
            plain += (" " if apart else "") + letters
            places += [place] * (len(letters) + apart)
        apart = not letters and not unicodedata.combining(character) and character not in "'’`"
    return plain, places


def starts_of(word: str, plain: str) -> list[int]:
    return [place + 1 for place in found(f" {word}", plain)]


def within(word: str, plain: str) -> list[int]:
    return found(word, plain)


def found(part: str, plain: str) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(part), plain)]


def pieces(text: str, met: list[bool]) -> list[tuple[str, bool]]:
    """Neighbours that are alike, together."""
    told: list[tuple[str, bool]] = []
    for character, is_met in zip(text, met, strict=True):
        if told and told[-1][1] == is_met:
            told[-1] = (told[-1][0] + character, is_met)
        else:
            told.append((character, is_met))
    return told

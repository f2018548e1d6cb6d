"""The one way by which a document reaches a picture or a font: our own assets, and plain pictures in the text."""

import base64
import binascii
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from documents.rendering.errors import BrandRefused
from documents.rendering.pictures import KIND_OF_PICTURE, check_picture

ASSETS = Path(__file__).resolve().parent.parent / "assets"
BASE_URL = "https://assets.invalid/"  # a host that no name server can know; it is never asked for
KINDS = {".css": "text/css", ".svg": "image/svg+xml", ".ttf": "font/ttf", ".png": "image/png"}
FOLDERS = {"icons", "fonts"}
LONGEST_SHOWN = 120


class AssetFetcher(URLFetcher):  # type: ignore[misc]  # the package is untyped
    """Answers from the folder of assets and from checked data pictures; every other address stops the document.

    An ordinary error would lose the picture silently and let an incomplete document go out, hence the fatal one. Inside
    an SVG even that one is swallowed, hence `refused`, which `render` asks at the end.
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols=[], allow_redirects=False, fail_on_errors=True)
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """The bytes of one of our assets or of a picture in the text. Raises FatalURLFetchingError otherwise."""
        if url.startswith("data:"):
            return self._picture(url)
        return self._asset(url)

    def _asset(self, url: str) -> URLFetcherResponse:
        parts = urlsplit(url)
        steps = unquote(parts.path).lstrip("/").split("/")
        known = url.startswith(BASE_URL) and len(steps) == 2 and steps[0] in FOLDERS
        path = ASSETS.joinpath(*steps)
        if not known or "\0" in path.name or path.suffix not in KINDS or not path.is_file():
            raise self._refusal(url)
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": KINDS[path.suffix]})

    def _picture(self, url: str) -> URLFetcherResponse:
        head, _, body = url.partition(",")
        kind = KIND_OF_PICTURE.get(head)
        if kind is None:
            raise self._refusal(url)
        try:
            picture = base64.b64decode(body, validate=True)
            check_picture(picture, kind)
        except (binascii.Error, BrandRefused) as error:
            raise self._refusal(url) from error
        return URLFetcherResponse(url, picture, {"Content-Type": head.removeprefix("data:").removesuffix(";base64")})

    def _refusal(self, url: str) -> FatalURLFetchingError:
        self.refused.append(f"Expected one of our own assets or a plain picture, found {url[:LONGEST_SHOWN]}.")
        return FatalURLFetchingError(self.refused[-1])

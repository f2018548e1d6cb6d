from django.http import FileResponse, HttpResponse, StreamingHttpResponse


def bad(rows):
    FileResponse(rows)  # bad
    return StreamingHttpResponse(rows)  # bad


class Worse(StreamingHttpResponse): ...  # bad


def good(rows):
    return HttpResponse(rows)

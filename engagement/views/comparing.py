"""The page that compares the register of two days."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from engagement.directories.comparing import CompareQuestion, compared
from engagement.web.addresses import address, pairs_of, tidied

TEMPLATE = "engagement/compare.html"


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """The form alone, the comparison, a 400 that names what is wrong, or a redirect to the canonical address."""
    question = CompareQuestion(tidied(request.GET))
    if problems := question.problems():
        return render(request, TEMPLATE, {"problems": problems, "asked": question.data}, status=400)
    canonical = address(request.path, question.canonical())
    if canonical != address(request.path, pairs_of(request.GET)):
        return HttpResponseRedirect(canonical)
    if not question.is_asked:
        return render(request, TEMPLATE, {"asked": {}})
    context = {"asked": question.data, "span": question.span, "comparison": compared(question.span)}
    return render(request, TEMPLATE, context)

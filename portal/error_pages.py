"""Error pages, without detail and the same for everybody.

"Not yours" and "not there" are the same bytes: the pages show neither the address nor the visitor.
"""

from typing import Final

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from portal.problems.problem_answer import problem_answer
from portal.translation import say
from store.outage_or_fault import is_outage
from words.catalogue import N_

#: Seconds after which to ask again while something is down.
SOON: Final = 30

#: What happened, and what to do next.
WORDS: Final = {
    400: (N_("Cette page a trop attendu"), N_("Revenez en arrière, rechargez la page, puis recommencez.")),
    401: (N_("Il faut vous connecter"), N_("Connectez-vous, puis recommencez.")),
    403: (N_("Cette page n’est pas pour vous"), N_("Revenez à l’accueil ; votre espace vous y attend.")),
    404: (N_("Il n’y a rien à cette adresse"), N_("Le lien est peut-être incomplet. Repartez de l’accueil.")),
    405: (N_("Cette page ne se demande pas ainsi"), N_("Repartez de l’accueil.")),
    408: (N_("L’envoi s’est arrêté en chemin"), N_("Vérifiez votre connexion, puis recommencez.")),
    413: (N_("C’est trop lourd"), N_("Envoyez moins à la fois, puis recommencez.")),
    429: (N_("Trop d’essais"), N_("Attendez quelques minutes, puis recommencez.")),
    500: (N_("C’est notre faute"), N_("Nous avons noté ce qui s’est passé. Réessayez dans quelques minutes.")),
    503: (
        N_("Nous revenons dans un instant"),
        N_("Une de nos machines ne répond pas. Rien n’est perdu : réessayez bientôt."),
    ),
}


def install(app: Flask) -> None:
    """Show every error as a page, or to a program as a problem (RFC 9457)."""
    app.register_error_handler(HTTPException, _show)  # an error that nobody caught comes here as 500


def _show(error: HTTPException) -> Response | HTTPException:
    caught = getattr(error, "original_exception", None)
    if caught is not None and is_outage(caught):
        error = ServiceUnavailable("something that this needs does not answer: try again", retry_after=SOON)
    code = error.code or 500
    if code < 400:
        return error
    if request.path.startswith(("/v1/", "/v2/")):
        return _with_headers(problem_answer(error), error)
    what, next_step = WORDS.get(code, WORDS[404 if code < 500 else 500])
    # Not by `render_template`, which looks the visitor up: the database may be what is down.
    page = current_app.jinja_env.get_template("error.html").render(what=say(what), next_step=say(next_step))
    return _with_headers(Response(page, code), error)


def _with_headers(answer: Response, error: HTTPException) -> Response:
    """Keep the error's own headers (Allow, Retry-After, WWW-Authenticate)."""
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            answer.headers[name] = value
    if answer.status_code == 429:
        answer.headers.setdefault("Retry-After", "300")
    return answer

"""Pages: templates per language, forms that come back with what was typed, and their protection."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Annotated, Any, NoReturn
from urllib.parse import quote, urlencode

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from itsdangerous import BadSignature, URLSafeSerializer
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException

from core.audit import ACTS
from core.cookies import SESSION, drop_cookie, read_cookie, set_cookie
from core.db import Database
from core.documents.sheets import Ending, table_file
from core.errors import N_, ForeignForm, LostUpdate, MustAgree, Refusal, SignInNeeded, Unacceptable
from core.i18n import LANGUAGES, messages, words
from core.ids import new_id
from core.inputs import clean_form
from core.plain_text import whole_number
from core.security import derived_key, new_token, signature_of
from core.settings import Settings
from core.templating import (
    Compiled,
    QuickContext,
    QuickTemplate,
    Unindented,
    by_name,
    in_its_language,
    options,
    paired,
    quick_gettext,
)
from core.web import BadRequest, download, field_messages, headers_of, language_of

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
STATIC = TEMPLATES / "static"
_COMPILED = Compiled(TEMPLATES)
View = Callable[[AsyncSession], Awaitable[Mapping[str, object]]]
Form = dict[str, object]


class Fields(Form):
    """What was typed; a field that a page asks for and that did not come is a refusal beside it."""

    def __missing__(self, name: str) -> NoReturn:
        raise Unacceptable(name, N_("Please fill this in."))


class Pages:
    """The templates of one application, one environment per language, and the keys of its forms."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.signer = URLSafeSerializer(derived_key(settings.key, "pages"))
        self.form_key = derived_key(settings.key, "forms")
        self.environments = {language: _environment(language) for language in LANGUAGES}

    def share(self, **known: object) -> None:
        """Give every template of this process something that a package above knows."""
        for environment in self.environments.values():
            environment.globals.update(known)


@cache
def _environment(language: str) -> Environment:
    """What templates know in a language, whatever the installation."""
    say = words(language)
    environment = Environment(
        loader=FileSystemLoader([TEMPLATES / "pages", TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        # Templates stay as they are while a process lives; to look costs a page some twenty calls of the system.
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=_COMPILED,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", Unindented],
    )
    environment.template_class, environment.context_class = QuickTemplate, QuickContext
    environment.install_gettext_translations(say.translations, newstyle=True)  # type: ignore[attr-defined]
    environment.globals["_"] = environment.globals["gettext"] = quick_gettext(say.translate, say.written, messages())
    environment.filters |= {
        "options": in_its_language(partial(options, translate=say.translate)),
        "paired": paired,
        "by_name": by_name,
    }
    environment.globals.update(
        say=say, language=language, languages=LANGUAGES, static=static, acts=ACTS, new_id=new_id, zip=zip
    )
    return environment


def static(name: str) -> str:
    """An address that changes with the file, so that browsers may keep it for ever."""
    return f"/static/{_versions().get(name, 'missing')}/{name}"


@cache
def _versions() -> Mapping[str, str]:
    """What each static file holds, in twelve letters. Files stay as they are while a process lives."""
    return {
        str(path.relative_to(STATIC)): hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        for path in STATIC.rglob("*")
        if path.is_file()
    }


def _pages(request: Request) -> Pages:
    pages: Pages = request.app.state.pages
    return pages


def render(request: Request, template: str, status: int = 200, /, **context: object) -> HTMLResponse:
    """The template in the caller's language. A visitor without a session gets a cookie that forms are bound to."""
    pages = _pages(request)
    language = language_of(request)
    known = _bound_to(request)
    fresh = "" if known else new_token()
    token = _form_token(pages, known or f"visitor:{fresh}")
    notice = _unsigned(pages, read_cookie(request, "heyet_notice"))
    context = {
        "request": request,
        "caller": getattr(request.state, "caller", None),
        "form_token": token,
        "notice": notice,
        "typed": {},
        "wrong": {},
        "problem": None,
        "is_lost": False,
        "to_agree": None,
        "refused": None,
        "path": request.url.path,
        "base_url": pages.settings.base_url,
        "own_zone": getattr(getattr(request.state, "caller", None), "zone", "UTC"),
        **context,
    }
    answer = HTMLResponse(pages.environments[language].get_template(template).render(context), status)
    if fresh:
        set_cookie(request, answer, "heyet_form", pages.signer.dumps(fresh))
    if notice:
        drop_cookie(request, answer, "heyet_notice")
    return answer


def see_other(request: Request, path: str, notice: str | tuple[str, str] = "", **facts: Any) -> Response:
    """Go to another page after a form was accepted, with one sentence about what happened: of a pair (NN_) the one that
    fits the `count` among its facts."""
    answer = RedirectResponse(path, 303)
    if notice:
        say = words(language_of(request))
        if isinstance(notice, str):
            said = say.translate(notice, **facts)
        else:
            said = say.count(notice, facts.pop("count"), **facts)
        set_cookie(request, answer, "heyet_notice", _pages(request).signer.dumps(said), seconds=60)
    return answer


def framed(html: str, *, popups: bool = False) -> HTMLResponse:
    """The HTML part of a mail for a sandboxed frame: its own style, no script; links open only with `popups`."""
    sandbox = "sandbox allow-popups" if popups else "sandbox"
    policy = f"default-src 'none'; style-src 'unsafe-inline'; {sandbox}; frame-ancestors 'self'"
    return HTMLResponse(html, headers={"Content-Security-Policy": policy, "X-Frame-Options": "SAMEORIGIN"})


async def serve_table(name: str, title: str, rows: Sequence[Sequence[object]], ending: Ending) -> Response:
    """A table as a download; writing it does not hold up other requests."""
    content, media_type = await asyncio.to_thread(table_file, title, rows, ending)
    return download(content, media_type, f"{name}.{ending}")


def with_query(path: str, **query: object) -> str:
    return f"{path}?{urlencode({k: v for k, v in query.items() if v not in (None, '')})}".removesuffix("?")


def _bound_to(request: Request) -> str | None:
    """What a form of this browser is bound to: its session, or else the cookie of a visitor. None: neither is there."""
    session = read_cookie(request, SESSION)
    if session:
        return f"session:{session}"
    visitor = _unsigned(_pages(request), read_cookie(request, "heyet_form"))
    return f"visitor:{visitor}" if visitor else None


def _form_token(pages: Pages, bound_to: str) -> str:
    """Worth nothing in another session: whoever lures a browser into sending it cannot have one that fits."""
    return signature_of(pages.form_key, bound_to)


def signed(request: Request, text: str) -> str:
    """A text for a cookie that nobody else can write."""
    return str(_pages(request).signer.dumps(text))


def unsigned(request: Request, value: str | None) -> str | None:
    """The text of such a cookie; None where it is not ours."""
    return _unsigned(_pages(request), value)


def _unsigned(pages: Pages, value: str | None) -> str | None:
    try:
        return str(pages.signer.loads(value)) if value else None
    except BadSignature:
        return None


@asynccontextmanager
async def _form(request: Request, files: int) -> AsyncIterator[Form]:
    try:
        async with request.form(max_files=files, max_fields=2000, max_part_size=1024 * 1024) as sent:
            token = str(sent.get("form_token") or request.headers.get("x-form-token") or "")
            bound_to = _bound_to(request)
            fits = bound_to and hmac.compare_digest(
                token.encode(errors="replace"), _form_token(_pages(request), bound_to).encode()
            )
            if not fits or request.headers.get("sec-fetch-site") == "cross-site":
                raise ForeignForm()
            clean_form(sent)
            form: Form = Fields()
            for name in sent:
                values = sent.getlist(name)
                form[name] = values if name.endswith("[]") else values[-1]
            form.pop("form_token", None)
            yield form
    except MultiPartException:
        raise BadRequest() from None


async def _typed(request: Request) -> AsyncIterator[Form]:
    """The fields of a form, once it is certain that our own page sent it."""
    async with _form(request, 0) as form:
        yield form


async def _typed_with_files(request: Request) -> AsyncIterator[Form]:
    """The same on a page that takes files, which may be larger."""
    async with _form(request, 10) as form:
        yield form


_typed_with_files.takes_files = True  # type: ignore[attr-defined]
# scope="function": an uploaded file is closed when the work is done, not after the answer.
Typed = Annotated[Form, Depends(_typed, scope="function")]
TypedWithFiles = Annotated[Form, Depends(_typed_with_files, scope="function")]


def ticked(typed: Form, name: str) -> list[str]:
    """What came under a name with brackets: each box that is ticked, each row of a table."""
    values = typed.get(f"{name}[]", [])
    return [str(value) for value in values] if isinstance(values, list) else []


async def chosen_file(typed: Form) -> tuple[str, bytes]:
    """Name and content of the file that a form brought. Raises Unacceptable where none was chosen."""
    file = typed.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise Unacceptable("file", N_("Please choose a file."))
    return file.filename, await file.read()


async def chosen_files(typed: Form) -> list[tuple[str, bytes]]:
    """Names and contents of all files that a form brought under the name `file[]`. Raises Unacceptable for none."""
    sent = typed.get("file[]", [])
    files = [one for one in sent if isinstance(one, UploadFile) and one.filename] if isinstance(sent, list) else []
    if not files:
        raise Unacceptable("file", N_("Please choose a file."))
    return [(str(file.filename), await file.read()) for file in files]


def seen_revision(typed: Form) -> int | None:
    """The revision that the form was filled from, for `must_match`."""
    seen = str(typed.get("revision", ""))
    return whole_number(seen)


def form_fields(
    typed: Form, *, beside: Collection[str] = ("revision",), lists: Collection[str] = ("languages",)
) -> Form:
    """What a form says about the thing itself. Boxes come under a name with brackets; none ticked, none comes."""
    brackets = {f"{name}[]" for name in lists}
    plain = {name: value for name, value in typed.items() if name not in beside and name not in brackets}
    return plain | {name: typed.get(f"{name}[]", []) for name in lists}


@contextmanager
def beside(field: str) -> Iterator[None]:
    """A refusal that names no field of this form, or another one, is shown beside this one."""
    try:
        yield
    except Refusal as refusal:
        refusal.field = field
        raise


class FormAgain(Exception):
    """A refusal on its way back to the form that caused it."""

    def __init__(self, template: str, view: View, typed: Form, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.template, self.view, self.typed, self.refusal = template, view, typed, refusal


@contextmanager
def form_again(template: str, view: View, typed: Form) -> Iterator[None]:
    """Show the form again on a refusal. Re-raises, so that the unit of work rolls back."""
    try:
        yield
    except Refusal as refusal:
        if refusal.status in (401, 403, 404):
            raise
        raise FormAgain(template, view, typed, refusal) from refusal


async def show_form_again(request: Request, error: FormAgain) -> Response:
    """The same form with what was typed, and each message beside its field."""
    database: Database = request.app.state.database
    async with database.reading() as db:
        context = dict(await error.view(db))
    say = words(language_of(request))
    wrong = field_messages(error.refusal, say)
    typed = {k: v for k, v in error.typed.items() if not isinstance(v, UploadFile) and "password" not in k}
    context |= {
        "typed": typed,
        "wrong": wrong,
        "problem": say.translate(error.refusal.title, **error.refusal.facts),
        # Both versions are shown then: in the field what was typed, beside it what somebody saved meanwhile.
        "is_lost": isinstance(error.refusal, LostUpdate),
        "to_agree": error.refusal.facts["count"] if isinstance(error.refusal, MustAgree) else None,
        # What it knows beside its sentence, for the pages that say more.
        "refused": error.refusal,
    }
    answer = render(request, error.template, error.refusal.status, **context)
    by_place = _by_place(wrong, bytes(answer.body).decode())
    if list(by_place) != list(wrong):
        answer = render(request, error.template, error.refusal.status, **{**context, "wrong": by_place})
    answer.headers.update(headers_of(error.refusal))
    return answer


def _by_place(wrong: Mapping[str, str], page: str) -> dict[str, str]:
    """The messages in the order in which their fields stand on the page, those of none of them last."""

    def place(name: str) -> int:
        places = (page.find(f'{attribute}="{name}{end}"') for attribute, end in (("id", "-wrong"), ("name", "")))
        return next((at for at in places if at >= 0), len(page))

    return {name: wrong[name] for name in sorted(wrong, key=place)}


async def refusal_page(request: Request, refusal: Refusal) -> Response:
    """A page that says what happened and what to do next; asks a stranger to sign in first."""
    if isinstance(refusal, SignInNeeded) and request.method == "GET":
        wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?next={quote(wanted)}", 303)
    if refusal.page:
        wanted = request.url.path if request.method == "GET" else ""
        return RedirectResponse(f"{refusal.page}?next={quote(wanted)}", 303)
    say = words(language_of(request))
    answer = render(
        request,
        "problem.html",
        refusal.status,
        status=refusal.status,
        code=refusal.code,
        title=say.translate(refusal.title, **refusal.facts),
        messages=field_messages(refusal, say),
        reference=request.scope.get("request_id", ""),
    )
    answer.headers.update(headers_of(refusal))
    return answer


def ours(path: str | None) -> str:
    """A path of ours to go on to; anything that could lead elsewhere becomes the start page."""
    if path and path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable():
        return path
    return "/"

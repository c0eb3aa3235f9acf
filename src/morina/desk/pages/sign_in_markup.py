"""The pages of signing in: plain HTML, so that nobody unknown opens a live connection."""

from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from morina.desk.pages.frame import STATIC
from morina.desk.words import LANGUAGES, Words

_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">{more}
<title>{title} | Morina</title><link rel="icon" href="{icon}"><style>{css}</style></head>
<body class="sign-in"><main><section class="part">
<h1>Morina</h1>
<p class="wrong" role="alert" id="wrong">{wrong}</p>
{body}
</section>
<nav class="languages" aria-label="{languages_label}">{languages}</nav></main></body></html>
"""

_FIRST_STEP = """<form method="post" action="/sign-in">
<input type="hidden" name="next" value="{wanted}">
<label class="field"><span class="field-label">{name_label}</span>
<input name="name" value="{name}" autocomplete="username webauthn" required {focus_name}></label>
<label class="field"><span class="field-label">{password_label}</span>
<input name="password" type="password" autocomplete="current-password" required {focus_password}>
</label>
<button type="submit" class="first">{title}</button>
</form>
<div class="ways">{passkey}{provider}</div>
"""

_SECOND_STEP = """<form method="post" action="/sign-in/code">
<input type="hidden" name="next" value="{wanted}">
<label class="field"><span class="field-label">{code_label}</span>
<input name="code" autocomplete="one-time-code" required autofocus spellcheck="false">
<span class="hint">{hint}</span></label>
<button type="submit" class="first">{title}</button>
</form>
<div class="ways">{passkey}<a href="/sign-in">{again}</a></div>
"""

_PASSKEY = """<button type="button" id="passkey" data-next="{wanted}" data-refused="{refused}"
data-none="{none}">{title}</button><script src="/sign-in/passkey.js"></script>"""

_CSS = (STATIC / "desk.css").read_text()
_ICON = "data:image/svg+xml," + quote((STATIC / "icon.svg").read_text())
"""In the page itself: nothing else is given to whoever is not signed in. A browser that had to ask
for an icon might get its answer, with a cookie of nobody's, after that of signing in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a sign-in page shows: the page wanted after it, and what was typed or went wrong;
    ``provider`` is what the button to the OpenID provider says, empty where there is none."""

    wanted: str = "/"
    name: str = ""
    wrong: str = ""
    provider: str = ""


def password_page(t: Words, shown: Shown) -> str:
    """Name and password, a passkey, or the provider."""
    to_provider = f"/sign-in/provider?next={quote(shown.wanted, safe='')}"
    says = escape(t("Sign in with {provider}", provider=shown.provider))
    provider = f'<a class="button" href="{escape(to_provider)}">{says}</a>'
    body = _FIRST_STEP.format(
        title=escape(t("Sign in")), wanted=escape(shown.wanted), name=escape(shown.name),
        name_label=escape(t("User name")), password_label=escape(t("Password")),
        focus_name="" if shown.name else "autofocus",
        focus_password="autofocus" if shown.name else "",
        passkey=_passkey(t, shown), provider=provider if shown.provider else "",
    )  # fmt: skip
    return _page(t, body, shown)


def code_page(t: Words, shown: Shown) -> str:
    """The second factor, after the password."""
    body = _SECOND_STEP.format(
        title=escape(t("Sign in")), wanted=escape(shown.wanted),
        code_label=escape(t("One-time code")), passkey=_passkey(t, shown),
        hint=escape(t("Six digits from your app, or one of your recovery codes.")),
        again=escape(t("Begin again")),
    )  # fmt: skip
    return _page(t, body, shown)


def onward_page(t: Words, wanted: str) -> str:
    """A step of our own between the provider and the desk: a browser sends the session's cookie
    only where one of our pages leads (SameSite=Strict)."""
    title = t("You are signed in")
    more = f'<meta http-equiv="refresh" content="0;url={escape(wanted)}">'
    body = f'<p>{escape(title)}</p><a class="button" href="{escape(wanted)}">Morina</a>'
    return _page(t, body, Shown(), more)


def _page(t: Words, body: str, shown: Shown, more: str = "") -> str:
    languages = "".join(
        f'<a href="/sign-in?language={code}&amp;next={quote(shown.wanted)}" lang="{code}">{own}</a>'
        for code, own in LANGUAGES.items()
    )
    return _PAGE.format(
        language=t.language, title=escape(t("Sign in")), css=_CSS, icon=_ICON, body=body, more=more,
        wrong=escape(shown.wrong), languages=languages, languages_label=escape(t("Language")),
    )  # fmt: skip


def _passkey(t: Words, shown: Shown) -> str:
    return _PASSKEY.format(
        wanted=escape(shown.wanted), title=escape(t("Use a passkey")),
        refused=escape(t("The passkey was not used. Try again, or sign in otherwise.")),
        none=escape(t("This browser cannot use passkeys here; they need https.")),
    )  # fmt: skip

"""The HTML body of an e-mail: the issuer's mark, the amount large, one button. The portal's colours, light and dark.

Nothing is fetched: the mark is a letter on a coloured ground and not a picture, so that an e-mail is whole where
pictures are blocked. Styles stand in the elements; a program that keeps the style sheet too shows the dark colours.
"""

import re
from html import escape
from typing import Final

from delivery.channels.email.email_text import AmountFigure, EmailItem, EmailText, cleaned, foot_lines

_URL: Final = re.compile(r"https?://[!-~]+")

#: Our own mark, in our own colour, of what is sent for no issuer.
_OURS: Final = "#0e5560"

_DARK: Final = (
    ":root{color-scheme:light dark;supported-color-schemes:light dark}"
    "@media(prefers-color-scheme:dark){"
    ".page{background:#11171a!important;color:#ece8df!important}"
    ".quiet{color:#a5afb2!important}.rule{border-color:#2c363b!important}"
    ".link{color:#86c9d2!important}.button{background:#86c9d2!important;color:#08242a!important}}"
)
_PAGE: Final = (
    "margin:0;padding:0;background:#faf8f3;color:#1d2327;"
    "font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;-webkit-text-size-adjust:100%"
)
_COLUMN: Final = "max-width:34em;margin:0 auto;padding:24px 20px 32px;overflow-wrap:anywhere;word-break:break-word"
_LETTER: Final = (
    "display:block;width:36px;line-height:36px;border-radius:6px;margin-right:12px;color:#ffffff;font-weight:600;"
    "font-size:18px;text-align:center"
)
_NAME: Final = "font-weight:600;font-size:18px;line-height:1.3;vertical-align:middle"
_AMOUNT: Final = "line-height:1.15;font-weight:600;white-space:nowrap;font-variant-numeric:tabular-nums"
#: Pixels of the amount of one bill, and of each of several.
_LARGE: Final = 40
_SMALLER: Final = 28
_TITLE: Final = "font-size:16px;font-weight:600;margin:24px 0 0;padding-top:16px;border-top:1px solid #e0dacd"
_BUTTON: Final = (
    "display:inline-block;background:#0e5560;color:#ffffff;padding:12px 24px;border-radius:8px;font-weight:600;"
    "text-decoration:none"
)
_FOOT: Final = "border-top:1px solid #e0dacd;margin-top:32px;padding-top:16px"
_QUIET: Final = "margin:0 0 12px;color:#596267;font-size:14px"


def html_text(words: EmailText, service: str) -> str:
    """Return the HTML body. *service* is the sender's name."""
    before = "".join(_paragraph(each, words.figure) for each in words.before)
    items = "".join(map(_item, words.items))
    after = "".join(f'<p class="quiet" style="{_QUIET}">{_lines(each)}</p>\n' for each in words.after)
    foot = "".join(f'<p class="quiet" style="{_QUIET}">{_lines(each)}</p>\n' for each in foot_lines(words, service))
    button = f'<a class="button" href="{escape(words.url)}" style="{_BUTTON}">{escape(cleaned(words.label))}</a>'
    return (
        f'<!doctype html>\n<html lang="{escape(words.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(cleaned(words.subject))}</title>\n<style>{_DARK}</style>\n</head>\n"
        f'<body class="page" style="{_PAGE}">\n<div class="page" style="{_COLUMN}">\n{_head(words, service)}'
        f'{before}{items}<p style="margin:24px 0">{button}</p>\n<div class="rule" style="{_FOOT}">{after}{foot}</div>\n'
        "</div>\n</body>\n</html>\n"
    )


def _head(words: EmailText, service: str) -> str:
    name, colour, letter = service, _OURS, service[:1]
    if words.mark is not None:
        name, colour, letter = words.mark.name, words.mark.colour, words.mark.letter
    square = f'<span aria-hidden="true" style="{_LETTER};background:{escape(colour)}">{escape(letter)}</span>'
    return (
        f'<div style="border-bottom:3px solid {escape(colour)};padding-bottom:12px;margin-bottom:24px">'
        f'<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr><td valign="middle">{square}</td>'
        f'<td style="{_NAME}">{_lines(name)}</td></tr></table></div>\n'
    )


def _paragraph(text: str, figure: AmountFigure | None, pixels: int = _LARGE) -> str:
    """A paragraph, whose sentence about the amount is set large."""
    if figure is None or figure.said not in text:
        return f'<p style="margin:0 0 16px">{_lines(text)}</p>\n' if text.strip() else ""
    first, _, rest = text.partition(figure.said)
    below = f'<br>\n<span style="font-weight:600">{_lines(figure.below)}</span>' if figure.below else ""
    large = (
        f'<p style="margin:0 0 16px"><span class="quiet" style="color:#596267">{_lines(figure.label)}</span><br>\n'
        f'<span style="font-size:{pixels}px;{_AMOUNT}">{_lines(figure.amount)}</span>{below}</p>\n'
    )
    return _paragraph(first, None) + large + _paragraph(rest, None)


def _item(item: EmailItem) -> str:
    link = f'<a class="link" href="{escape(item.url)}" style="color:#0e5560">{escape(cleaned(item.label))}</a>'
    title = f'<h2 class="rule" style="{_TITLE}">{_lines(item.title)}</h2>'
    return f'{title}\n{_paragraph(item.text, item.figure, _SMALLER)}<p style="margin:0 0 16px">{link}</p>\n'


def _lines(paragraph: str) -> str:
    return "<br>\n".join(map(_line, cleaned(paragraph).strip().split("\n")))


def _line(line: str) -> str:
    """A line; one that is a URL is a link."""
    if not _URL.fullmatch(line):
        return escape(line)
    return f'<a class="link" href="{escape(line)}" style="color:#0e5560;word-break:break-all">{escape(line)}</a>'

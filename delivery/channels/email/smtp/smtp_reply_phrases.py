"""Phrases of SMTP replies, in small letters, that tell what a reply concerns where its code does not."""

import re
from typing import Final


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


#: The reply concerns the sender, whatever the code says: "5.1.1 Sender address rejected: user unknown".
SENDER: Final = _any(
    r"\bsender\b", r"\bfrom (address|domain|header)", r"\bmail from\b", r"\breturn[- ]path", r"\benvelope from\b",
    r"reverse[- ]path", r"expéditeur", r"\babsender\b",
)  # fmt: skip

#: It concerns the message, the client, a policy or the moment. Tested before words about the recipient.
NOT_THE_RECIPIENT: Final = _any(
    r"\byour (account|mailbox|domain|ip|server|host|network|provider)",
    r"spam", r"virus", r"malware", r"phish", r"abuse", r"unsolicited", r"bulk", r"content", r"attachment",
    r"suspicious", r"complain", r"block", r"black ?list", r"\blisted\b", r"rbl\b", r"reputation",
    r"spf\b", r"dkim", r"dmarc", r"helo\b", r"ehlo\b", r"reverse dns", r"rdns", r"\bptr\b", r"invalid dns",
    r"authenti", r"\btls\b", r"encrypt", r"certificate", r"polic(y|ies)", r"access denied", r"relay", r"licen[cs]e",
    r"\blimit", r"\brate\b", r"daily", r"hourly", r"too many", r"throttl", r"gr[ae]ylist", r"try (again )?later",
    r"temporar", r"size exceeds", r"too (large|big)",
    r"(messages?|mail|e-?mail|connection) ((was|were|is|has been|have been) )?(not (sent|accepted)|rejected|refused)",
    r"mail rejet",
)  # fmt: skip

#: It concerns unwanted content, whatever the code says: "5.1.1 rejected as spam".
UNWANTED: Final = _any(
    r"\bspam", r"virus", r"malware", r"phish", r"unsolicited", r"black ?list", r"block ?list", r"\w*rbl\b", r"\bspf\b",
    r"\bdkim", r"\bdmarc", r"reputation", r"recipient preferences",
)  # fmt: skip
#: A link to a list of unwanted senders, the only words of some refusals: "5.1.3 http://www.spamhaus.org/query/bl?ip=".
LIST_OF_SENDERS: Final = re.compile(r"https?://\S*(spam|black|block|[rd]n?s?bl\b|/bl\b|abuse|reputation)")

#: The mailbox is full for now.
FULL: Final = _any(
    r"temporar", r"try (again )?later",
    r"over ?quota", r"quota (is )?exceeded", r"exceed\w* ((its|the|his|her|their) )?(storage|quota|mailbox|disk)",
    r"mail ?box (is |size )?(full|exceeded)", r"(inbox|mailbox|user|account|folder|recipient) is (over|full)",
    r"insufficient (system )?storage", r"out of storage", r"not enough (space|storage)", r"storage (limit|space)",
    r"receiving mail (at a rate|too quickly)", r"bo[iî]te (est )?pleine", r"postfach (ist )?voll",
    r"(mailbox|buz[oó]n|casilla|casella|caixa)[^.]{0,30} (llen|pien|chei)[ao]\b",
)  # fmt: skip

_MAILS: Final = r"(e-?mails?|mails?|messages?|recipients?|sends?|courriels?|credits?|submissions?)"
_OVER: Final = r"(exceed|reach|over\b|too (high|many|much)|surpass|maximum|d[ée]pass|atteint|[üu]berschritten|erreicht)"

#: A limit on what we send (a day, an hour, a session) is reached: the next e-mail would be refused as well.
SENDING_LIMIT: Final = _any(
    rf"\b(daily|hourly|per[- ](day|hour|minute|second)|24[- ]hours?|sending|send|sender|outgoing|outbound|submission|"
    rf"smtp|relay|messages?|e-?mails?|recipients?|volume|rate|quota|transaction)s?\b[^.;]{{0,40}}?"
    rf"\b(limit|quota|rate|allowance|threshold|volume)s?\b[^.;]{{0,60}}?{_OVER}",
    rf"{_OVER}\w*[^.;]{{0,60}}?\b(daily|hourly|per[- ](day|hour|minute)|24[- ]hours?|sending|send|outgoing|outbound|"
    rf"submission|smtp|message|e-?mail|recipient|rate|volume)s?\b[^.;]{{0,30}}?\b(limit|quota|rate|threshold|allow)",
    rf"\btoo many {_MAILS}\b", r"\btoo many (connections|sessions|concurrent|authentication|login|commands|attempts)",
    r"\btoo much (mail|traffic)", r"\brate[- ]?limit", r"\bthrottl", r"\bunusual rate\b",
    rf"\bmax(imum)? (number of )?{_MAILS}[^.;]{{0,20}} (per|a|in)\b", r"\bmaximum (sending )?rate\b",
    r"\btenant\b[^.;]{0,20}exceed",
    rf"\b{_OVER}\w* (the )?max(imum)?\b[^.;]{{0,20}}\b(per|an?) (hour|day|minute)", r"\bcredits? exceeded",
    r"(limite|quota)[^.;]{0,40}(d.envoi|journali|quotidien|horaire)",
    r"(envoi|journali|quotidien|horaire)\w*[^.;]{0,40}(limite|quota)[^.;]{0,40}(d[ée]pass|atteint)",
    r"trop de (messages|courriels|connexions|mails)",
    r"zu viele (nachrichten|e-?mails|verbindungen|empf[äa]nger)",
    r"(tageslimit|stundenlimit|versandlimit|sendelimit|kontingent)",
)  # fmt: skip
#: A limit of the recipient's own mailbox is reached; other recipients are not concerned.
RECEIVING_LIMIT: Final = _any(
    r"\b(user|recipient|mailbox|account)\b[^.;]{0,40}\b(is|are) receiving", r"receiving (mail )?(at a rate|too)",
    r"\breceiv\w+ (limit|rate|quota)", r"\bmailbox\b", r"over ?quota\b", r"\bstorage\b", r"\bdisk\b",
    r"invalid recipients", r"message size|size limit|too (large|big)", r"gr[ae]ylist",
    r"unknown (users|recipients)", r"\brecipient.s (per|quota|limit)",
)  # fmt: skip

_WHO: Final = r"(user|user ?name|mail ?box|recipient|account|address|addressee|e-?mail|person|alias|subscriber)"
_LEFT: Final = r"(disabled|inactive|deactivated|closed|deleted|removed|suspended|expired|discontinued|terminated)"
_NOT_SO: Final = r"(does ?n.t|does not|do not|cannot be|could not be|no longer)"

#: The recipient does not exist any more.
GONE: Final = _any(
    rf"\b{_WHO}s? (address |name )?((is|was|are) )?(unknown|invalid|incorrect|not (found|known|exist|valid|local))",
    rf"\b{_WHO}s? (is |are )?not (available|hosted) here",
    rf"\b(unknown|invalid|bad|illegal|undeliverable|non-?existent|no such|unrout\w*) "
    rf"((local|destination|e-?mail) )?(or \w+ )?{_WHO}",
    rf"\bno {_WHO} (here|(by|with|of) that name)",
    rf"\b{_WHO} [^.]{{0,60}}?{_NOT_SO} (exist|be found|found|valid|active|available|in use)",
    rf"\b{_WHO} ((is|has been|was|name is) )?{_LEFT}",
    rf"\bnot a (valid|known) {_WHO}", r"\buser does ?n.t have an? [\w.-]+ account", r"invalid (final delivery )?userid",
    r"\b(is|was) no longer (valid|active|available|in use|with us)", r"\bno longer (works|employed|accepts) ",
    r"email account that you tried to reach", r"not our customer", r"user not local", r"null mx",
    r"does not accept mail\b(?! from)", r"recipient'?s? domain (not found|unknown|does not exist)",
    r"mailbox name (is )?not allowed",
    r"(utilisateur|adresse|destinataire|compte|bo[iî]te)s? [^.]{0,40}?"
    r"(inconnu|inexistant|invalide|d[ée]sactiv|ferm[ée])",
    r"(empf[äa]nger|benutzer|adresse|postfach)[^.]{0,40}?(unbekannt|existiert nicht|ung[üu]ltig|deaktiviert)",
    r"unbekannter (empf|benutzer)",
    r"(usuario|destinatario|utente|casella)[^.]{0,40}?(desconocido|sconosciut|no existe|inesistente)",
)  # fmt: skip

#: What Exchange (5.4.1) and Outlook.com (5.5.0) say at RCPT of an unknown recipient.
GONE_AT_RCPT: Final = _any(r"recipient address rejected: access denied", r"mailbox (unavailable|not available)")

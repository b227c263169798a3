"""The parameters in words, for the manual and for somebody who asks what one of them means. Floor 3."""

from __future__ import annotations

from typing import Final

from cosim.errors import Complaint, ParameterError, nearest
from cosim.evidence.references import cite
from cosim.parameters.catalogue import cost_of, read_declarations, read_groups
from cosim.parameters.declaration import ASSUMED, Declaration
from cosim.parameters.values import complain_of_name

LANGUAGES: Final = ("en", "nb")
_WORDS: Final = {
    "en": {
        "default": "default",
        "range": "range",
        "prior": "prior",
        "standing": "standing",
        "role": "role",
        "cost": "priced by",
        "source": "who says so",
        "to": "to",
    },
    "nb": {
        "default": "vanlig",
        "range": "spenn",
        "prior": "trolig",
        "standing": "grunnlag",
        "role": "rolle",
        "cost": "prises av",
        "source": "hvem sier det",
        "to": "til",
    },
}
_NORWEGIAN: Final = {
    "measured": "målt",
    "estimated": "anslått",
    "assumed": "antatt",
    "free": "fri, skal tilpasses",
    "lever": "kan bestemmes",
    "uncertain": "usikker",
    "structure": "byggemåte",
}


def describe_parameters(group: str | None = None, lang: str = "en") -> str:
    """Return a table in plain text of all parameters, or of one group.

    Raises
    ------
    ParameterError
        For a group or a language that does not exist.

    Examples
    --------
    >>> print(describe_parameters("meet").splitlines()[0])
    Meeting (meet)
    """
    _check_language(lang)
    groups = read_groups()
    if group is not None and group not in groups:
        do = nearest(group, list(groups)) or "one of " + ", ".join(groups)
        raise ParameterError([Complaint("manual", "group", repr(group), "a group of parameters", do)])
    blocks = []
    for one in groups.values():
        if group is not None and one.name != group:
            continue
        label, means = (one.label, one.means) if lang == "en" else (one.navn, one.betyr)
        lines = [f"{label} ({one.name})", f"  {means}"]
        for declaration in read_declarations().values():
            if declaration.group == one.name:
                text = declaration.means if lang == "en" else declaration.betyr
                default = _shown(declaration, declaration.default, lang)
                lines.append(f"  {declaration.name:<28} {default:<14} {text}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def describe_parameter(name: str, lang: str = "en") -> str:
    """Return all that is known of one parameter, in plain text, with its sources written out.

    Raises
    ------
    ParameterError
        For a name or a language that does not exist.

    Examples
    --------
    >>> print(describe_parameter("meet.rounds").splitlines()[1])
    With how many others each person talks in one meeting, new partners each round.
    """
    _check_language(lang)
    declarations = read_declarations()
    if name not in declarations:
        raise ParameterError([complain_of_name(name, "", "manual", name)])
    one = declarations[name]
    words = _WORDS[lang]
    label, means = (one.label, one.means) if lang == "en" else (one.navn, one.betyr)
    standing, role = (one.standing, one.role) if lang == "en" else (_NORWEGIAN[one.standing], _NORWEGIAN[one.role])
    span = f"{_shown(one, one.low, lang)} {words['to']} {_shown(one, one.high, lang)}"
    prior = f"{_shown(one, one.prior_low, lang)} {words['to']} {_shown(one, one.prior_high, lang)}"
    rows = [
        (words["default"], f"{_shown(one, one.default, lang)} ({one.unit if lang == 'en' else one.enhet})"),
        (words["range"], ", ".join(one.choices if lang == "en" else one.valg) or span),
        (words["prior"], "" if one.kind in ("choice", "switch") else prior),
        (words["standing"], standing),
        (words["role"], role),
    ]
    price = cost_of(one)
    if price is not None:
        unit = price.unit if lang == "en" else price.enhet
        rows.append((words["cost"], f"{price.name} = {_shown(price, price.default, lang)} {unit}"))
    lines = [f"{one.name}: {label}", means]
    lines += [f"  {word:<14}{text}" for word, text in rows if text]
    lines.append(f"  {words['source']}")
    for line in one.source:
        key, reason = line.split(" : ", 1)
        lines.append(f"    {line}" if key == ASSUMED else f"    {cite(key)}\n      {reason}")
    return "\n".join(lines) + "\n"


def _check_language(lang: str) -> None:
    if lang not in LANGUAGES:
        raise ParameterError([Complaint("manual", "language", repr(lang), "en or nb", "choose one of them")])


def _shown(declaration: Declaration, value: float, lang: str) -> str:
    """Return a value as the reader of a language writes it: a Norwegian choice, a decimal comma."""
    if lang == "en":
        return declaration.written(value)
    if declaration.kind == "switch":
        return "på" if value > 0.5 else "av"
    if declaration.kind == "choice":
        return declaration.valg[int(value)]
    return declaration.written(value).replace(".", ",")

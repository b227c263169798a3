"""What a scenario changes and when, read from its text as it was stored with the results.

Floor 3. Comes in: the manifest, whose scenario is a TOML text resting on no other. Goes out: rows and lines of words.
"""

from __future__ import annotations

import contextlib
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from cosim.evidence.municipalities import read_municipalities
from cosim.report.wording import in_plain_words, listed

_FIRST: Final = "0000-00"


def read_events(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the stored scenario's table, an empty one where its text cannot be read."""
    with contextlib.suppress(tomllib.TOMLDecodeError):
        return tomllib.loads(manifest["scenario"]["text"])
    return {}


def tell_changes(manifest: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return one row of words for each scheduled change: name, label, before, to, unit, when, where, because."""
    table, known = read_events(manifest), _by_name(manifest)
    rows = []
    for name, changes in table.get("change", {}).items():
        one = known.get(name, {})
        for number, change in enumerate(changes):
            places = change.get("where") or table.get("world", {}).get("municipalities", [])
            before = {
                _before(name, str(place), change, [*changes[:number], *changes[number + 1 :]], table, one)
                for place in places
            }
            rows.append(
                {
                    "name": name,
                    "label": one.get("label", name),
                    "before": listed(sorted(before), "or") if before else "",
                    "to": written(one, change["to"]),
                    "unit": _unit(one),
                    "when": _when(change),
                    "where": _places(change.get("where", [])) or "everywhere",
                    "because": change.get("because", ""),
                    "order": change["from"],
                }
            )
    return sorted(rows, key=lambda row: row["order"])


def tell_places(manifest: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return one row of words for each value that holds in one municipality only: place, name, label, value, unit."""
    known = _by_name(manifest)
    return [
        {
            "place": _places([place]),
            "name": name,
            "label": known.get(name, {}).get("label", name),
            "value": written(known.get(name, {}), value),
            "usual": known.get(name, {}).get("written", ""),
            "unit": _unit(known.get(name, {})),
        }
        for place, values in read_events(manifest).get("where", {}).items()
        for name, value in values.items()
    ]


def tell_arenas(manifest: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return one row of words for each arena that is to open: title, where, opens, about, invites, because."""
    return [
        {
            "title": one.get("title") or one["name"],
            "where": _places([one["where"]]),
            "opens": one["opens"],
            "about": listed([in_plain_words(one[word]) for word in ("focus", "area") if one.get(word)]),
            "invites": listed([in_plain_words(sector) for sector in one.get("invites", [])]),
            "because": one.get("because", ""),
        }
        for one in read_events(manifest).get("arena", [])
    ]


def mark_parameters(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the manifest's parameters; ``written`` also says what a value becomes, when, and where it is another."""
    later: dict[str, list[str]] = {}
    for row in tell_changes(manifest):
        where = "" if row["where"] == "everywhere" else f" in {row['where']}"
        later.setdefault(row["name"], []).append(f", then {row['to']} {row['when']}{where}")
    for row in tell_places(manifest):
        later.setdefault(row["name"], []).insert(0, f", {row['value']} in {row['place']}")
    return [
        {**one, "written": one["written"] + "".join(later.get(one["name"], [])), "moved": one["name"] in later}
        for one in manifest["parameters"]
    ]


def written(parameter: Mapping[str, Any], value: Any) -> str:
    """Return a value as the parameter's declaration writes it.

    Examples
    --------
    >>> written({"choices": ["consensus", "majority"]}, 1), written({}, 0.8), written({"written": "true"}, 0.0)
    ('majority', '0.8', 'false')
    """
    choices = parameter.get("choices") or []
    if isinstance(value, int | float) and choices and 0 <= int(value) < len(choices):
        return str(choices[int(value)])
    if isinstance(value, bool) or parameter.get("written") in ("true", "false"):
        return "true" if value else "false"
    return f"{value:.10g}" if isinstance(value, int | float) else str(value)


def _by_name(manifest: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {one["name"]: one for one in manifest["parameters"]}


def _unit(parameter: Mapping[str, Any]) -> str:
    return "" if parameter.get("choices") else str(parameter.get("unit", ""))


def _when(change: Mapping[str, Any]) -> str:
    until = f" until {change['until']}" if change.get("until") else ""
    return f"from {change['from']}{until}"


def _before(
    name: str,
    place: str,
    change: Mapping[str, Any],
    others: Sequence[Mapping[str, Any]],
    table: Mapping[str, Any],
    parameter: Mapping[str, Any],
) -> str:
    """Return the value in a municipality just before a change; of two changes that hold, the later in the file wins."""
    value = table.get("where", {}).get(place, {}).get(name, parameter.get("value", ""))
    for other in others:
        reaches = not other.get("where") or place in other["where"]
        # Months are written year-month, so that their texts stand in the order of time.
        if reaches and other.get("from", _FIRST) < change["from"] <= _after(other.get("until", "9998-12")):
            value = other["to"]
    return written(parameter, value)


def _after(month: str) -> str:
    """Return the month after one.

    Examples
    --------
    >>> _after("2020-12"), _after("2021-01")
    ('2021-01', '2021-02')
    """
    year, number = (int(part) for part in month.split("-"))
    return f"{year + number // 12:04d}-{number % 12 + 1:02d}"


def _places(keys: Sequence[str]) -> str:
    names = read_municipalities()["name"].to_dict()
    return listed([str(names.get(key, key)) for key in keys])

"""The same answers for a person with a browser: one plain page each, no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

STYLE = """body{font:14px/1.5 system-ui,"PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif;margin:2rem auto;
max-width:72rem;padding:0 1rem;color:#20262e;background:#fbfaf8}
a{color:#1d5fa8}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #dcd6cd}
td{overflow-wrap:anywhere}th{font-weight:600}nav a{margin-right:1rem}
@media(prefers-color-scheme:dark){body{color:#dfe5ec;background:#141921}a{color:#7fb2ea}th,td{border-color:#2d3847}}"""
SHOWN = 200  #: signs of a value


def page(title: str, said: Mapping[str, Any], language: str) -> str:
    """A document of the OGC API as HTML."""
    body = [f"<h1>{escape(title)}</h1>", _links(said.get("links", ()))]
    if "features" in said:
        body.append(_features(said["features"]))
    elif "collections" in said:
        body += [_collection(one) for one in said["collections"]]
    else:
        body.append(_table({key: value for key, value in said.items() if key != "links"}))
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f"<body>{''.join(body)}</body></html>"
    )


def _links(links: Sequence[Mapping[str, Any]]) -> str:
    """Where one can go on from here; templates are no place to go."""
    shown = [one for one in links if not one.get("templated")]
    words = (f'<a href="{escape(one["href"])}">{escape(_said(one))}</a>' for one in shown)
    return f"<nav>{' '.join(words)}</nav>"


def _said(one: Mapping[str, Any]) -> str:
    rel = str(one["rel"]).rsplit("/", 1)[-1]
    return f"{one['title']} ({rel})" if one.get("title") else rel


def _collection(one: Mapping[str, Any]) -> str:
    return f"<h2>{escape(one['title'])}</h2><p>{escape(one['description'])}</p>{_links(one['links'])}"


def _features(features: Sequence[Mapping[str, Any]]) -> str:
    if not features:
        return "<p>–</p>"
    names = list(features[0]["properties"])
    head = "".join(f"<th>{escape(name)}</th>" for name in ("id", *names))
    rows = "".join(
        f"<tr><td>{one['id']}</td>" + "".join(f"<td>{_value(one['properties'].get(n))}</td>" for n in names) + "</tr>"
        for one in features
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _table(values: Mapping[str, Any]) -> str:
    rows = "".join(f"<tr><th>{escape(str(name))}</th><td>{_value(value)}</td></tr>" for name, value in values.items())
    return f"<table>{rows}</table>"


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return _table(value)
    if isinstance(value, list) and value and isinstance(value[0], str):
        return "<br>".join(escape(one) for one in value)
    text = "" if value is None else str(value)
    return escape(text if len(text) <= SHOWN else text[:SHOWN] + "…")

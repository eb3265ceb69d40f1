"""The canvas as one HTML file that works without any server: engine, style and data stand in it."""

import base64
import hashlib
import html
import json
from dataclasses import replace
from typing import Any

from dashboards.canvas import bundle
from dashboards.canvas.component import payload
from dashboards.canvas.contract import Canvas
from dashboards.canvas.look import LIGHT, Theme
from dashboards.document import TAGS
from dashboards.formats import Language

_IN_SCRIPT = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}
_BODY = "html, body { margin: 0; height: 100%; } .canvas { height: 100vh; padding: 10px; }"


def page(canvas: Canvas, language: Language, theme: Theme = LIGHT) -> str:
    """`canvas` as a whole HTML document in `language`: everything works but what only a server can.

    The document may ask nobody for anything: its policy admits its own script and no address at all.
    Raises `BundleMissing` before `make env` has built the engine.
    """
    alone = replace(canvas, actions=(), said="", may_expand=False, may_find_paths=False)
    script = bundle.standalone()
    policy = "; ".join(
        [
            "default-src 'none'",
            f"script-src {_digest(script)}",
            "style-src 'unsafe-inline'",
            "img-src data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    return (
        f'<!doctype html><html lang="{TAGS[language]}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer">'
        f"<title>{html.escape(canvas.title)}</title><style>{bundle.style()}{_BODY}</style></head>"
        f'<body><div class="canvas"></div><script type="application/json" id="canvas-data">'
        f"{in_script(payload(alone, language, theme))}</script><script>{script}</script></body></html>"
    )


def in_script(value: Any) -> str:
    """`value` as JSON that no script element can be broken out of."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign, written in _IN_SCRIPT.items():
        text = text.replace(sign, written)
    return text


def _digest(script: str) -> str:
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"

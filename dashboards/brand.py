"""The mark at the top of the side: drawn here, in the page's language, from no outside file."""

import html

FONT = "'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',sans-serif"


def logo(name: str, line: str) -> str:
    """The mark with `name` and, smaller below it, `line`, as SVG."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="190" height="36" viewBox="0 0 190 36">'
        '<rect y="1" width="34" height="34" rx="8" fill="#1f4f80"/>'
        '<circle cx="17" cy="18" r="9" fill="none" stroke="#9cc9f2" stroke-width="2"/>'
        '<circle cx="17" cy="9" r="3.6" fill="#fff"/><circle cx="9.2" cy="22.5" r="3.6" fill="#fff"/>'
        '<rect x="21.4" y="19" width="7" height="7" rx="1.2" fill="#f0a35a"/>'
        f'<text x="43" y="17" font-family="{FONT}" font-size="16.5" font-weight="700" fill="#fff"'
        f' xml:lang="zh-CN">{html.escape(name)}</text>'
        f'<text x="43" y="32" font-family="{FONT}" font-size="11.5" fill="#c9dcef"'
        f' xml:lang="zh-CN">{html.escape(line)}</text></svg>'
    )

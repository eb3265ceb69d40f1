"""The page as a document: its language, its style sheet, the shell's own words in that language."""

from functools import cache

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from dashboards.catalogue.leftovers import BEGINNINGS, ENDINGS, LEFTOVERS
from dashboards.formats import Language
from dashboards.table import ASSETS

TAGS = {Language.ZH: "zh-CN", Language.EN: "en"}


@cache
def _component() -> ComponentRenderer:
    js = (ASSETS / "document.js").read_text("utf-8")
    return st.components.v2.component("huancha.document", html="<i hidden></i>", js=js)


def dress_document(language: Language) -> None:
    """Set the document's language (so that Chinese glyphs are Chinese) and our style sheet.

    Streamlit's few words that no option reaches are put into `language`, and back again.
    """
    st.html(ASSETS / "style.css")
    chinese = language is Language.ZH
    words = LEFTOVERS if chinese else {zh: en for en, zh in LEFTOVERS.items()}
    beginnings, endings = (
        [list(pair if chinese else reversed(pair)) for pair in pairs.items()]
        for pairs in (BEGINNINGS, ENDINGS)
    )
    with st.container(key="document"):
        _component()(
            data={
                "lang": TAGS[language],
                "words": words,
                "beginnings": beginnings,
                "endings": endings,
            },
            key="document_words",
        )

"""Every visible sentence, a module per page, as (Chinese, English)."""

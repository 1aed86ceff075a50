from __future__ import annotations


def render_report(result):
    return "<p>"

project = "hello"
extlinks = {"ticket": ("https://bugs.example/%s", "bug %s")}
rst_epilog = """
.. |project| replace:: **Hello**
"""
raise SystemExit("never run")

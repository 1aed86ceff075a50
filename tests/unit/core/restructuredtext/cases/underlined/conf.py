repository = "https://github.com/octo/hello"
extlinks = {
    "issue": (f"{repository}/issues/%s", "#%s"),
    "pr": (repository + "/pull/%s", "PR %s"),
    "ghsa": (f"{repository}/security/advisories/GHSA-%s", "GHSA-%s"),
}
rst_epilog = """
.. |project| replace:: **Hello**
"""

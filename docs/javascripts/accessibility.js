// Names and focus that the theme leaves out: the search dialog, the copy buttons and tables that scroll.
const complete = () => {
  document.querySelector(".md-search[role=dialog]")?.setAttribute("aria-label", "Search");
  document.querySelectorAll(".md-code__nav").forEach((nav, number) => {
    nav.setAttribute("aria-label", `Code block ${number + 1}`);
    nav.querySelectorAll("button").forEach((button) => button.setAttribute("aria-label", "Copy to clipboard"));
  });
  document.querySelectorAll(".md-typeset__scrollwrap, .md-typeset pre > code").forEach((box) => (box.tabIndex = 0));
};
new MutationObserver(complete).observe(document.body, { childList: true, subtree: true });
complete();

// Keeps the place on the page when the language is switched.
for (const link of document.querySelectorAll(".languages a")) {
  link.addEventListener("click", () => {
    link.hash = location.hash;
  });
}

// What is wider than the screen scrolls on its own, and the keyboard has to get there. Nothing else is in its way.
const scrolling = new ResizeObserver((boxes) => {
  for (const { target } of boxes) {
    if (target.scrollWidth > target.clientWidth) {
      target.tabIndex = 0;
    } else {
      target.removeAttribute("tabindex");
    }
  }
});
for (const box of document.querySelectorAll(".picture, .tsd-signature, .tsd-typography table")) {
  scrolling.observe(box);
}

// Lets a name be searched for as it stands in code or in an answer: `IBackgroundCopyJob::Cancel`, `job.cancel()`, `-2133843949`. The
// words are made as docs/tools/site.js makes those of the index, and signs that are lunr's own language are escaped. Small words,
// which would be found inside of most names, are left out beside larger ones.
const search = document.getElementById("tsd-search-input");
const typed = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
Object.defineProperty(search, "value", {
  ...typed,
  get() {
    const words = typed.get
      .call(this)
      .normalize("NFD")
      .replace(/\p{M}/gu, "")
      .replaceAll("’", "'")
      .split(/[\s-]+/)
      .map((word) => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "").replace(/[\\:~^]/g, "\\$&"))
      .filter(Boolean);
    const large = words.filter((word) => !/^\p{Script=Latin}{1,2}$/u.test(word));
    return (large.length > 0 ? large : words).join(" ");
  },
});

// Where nothing is found, the reader's own words are said again.
const status = document.getElementById("tsd-search-status");
new MutationObserver(() => {
  const echo = status.querySelector("strong");
  if (echo) {
    echo.textContent = typed.get.call(search).trim();
  }
}).observe(status, { childList: true });

// What is found is an option of a list, and an option may hold no link: the link itself becomes the option. TypeDoc's script moves
// through the options whatever they are, but opens only links in them.
const results = document.getElementById("tsd-search-results");
new MutationObserver(() => {
  for (const option of results.querySelectorAll("li")) {
    const link = option.querySelector("a");
    for (const { name, value } of option.attributes) {
      link.setAttribute(name, value);
    }
    option.replaceWith(link);
  }
}).observe(results, { childList: true });
search.addEventListener("keydown", ({ key, shiftKey, ctrlKey, metaKey, altKey }) => {
  if (key === "Enter" && !(shiftKey || ctrlKey || metaKey || altKey)) {
    document.getElementById(search.getAttribute("aria-activedescendant"))?.click();
  }
});

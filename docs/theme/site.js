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

// Lets `IBackgroundCopyJob::Cancel` be searched for: to lunr, these signs are its own language unless they are escaped.
const search = document.getElementById("tsd-search-input");
const typed = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
Object.defineProperty(search, "value", {
  ...typed,
  get() {
    return typed.get.call(this).replace(/[\\:~^]/g, "\\$&");
  },
});

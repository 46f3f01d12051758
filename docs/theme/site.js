// Keeps the place on the page when the language is switched.
for (const link of document.querySelectorAll(".languages a")) {
  link.addEventListener("click", () => {
    link.hash = location.hash;
  });
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

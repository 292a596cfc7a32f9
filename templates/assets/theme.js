// Runs before anything is painted: the reader's choice of light or dark, and whether rows must wait for a filter.
"use strict";
(function () {
  var page = document.documentElement;
  // All pages opened from disk share one storage: the key names the site by its title and by where it stands.
  page.storageKey = "tobkit:" + page.dataset.site + ":" + new URL(page.dataset.root || ".", location.href).pathname;
  try {
    var theme = localStorage.getItem(page.storageKey + ":theme");
    if (theme === "light" || theme === "dark") page.dataset.theme = theme;
  } catch (error) {
    // Storage may be switched off; the system's choice holds then.
  }
  page.classList.add("js");
  if (location.hash.length > 1 && page.dataset.page === "backlog") page.classList.add("waiting");
})();

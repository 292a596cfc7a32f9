// The search of the public roadmap: through titles, ids, modules and statuses, loaded with the first key.
"use strict";
(function () {
  var MOST = 200;
  var rows = null;
  var asked = false;
  var field = document.getElementById("q");
  var found = document.getElementById("found");
  var roadmap = document.getElementById("roadmap");
  var count = document.getElementById("count");

  function fold(text) { return text.normalize("NFKC").toLowerCase(); }

  window.tobkitRoadmap = function (given) {
    rows = given.map(function (row) {
      return { title: row[1], lang: row[2], href: row[3], module: row[4], stage: row[5], status: row[6], text: fold([row[1], row[0], row[4], row[6]].join(" ")) };
    });
    show();
  };

  function load() {
    if (asked) return;
    asked = true;
    var script = document.createElement("script");
    script.src = "data/roadmap.js";
    document.head.append(script);
  }

  function span(className, text) {
    var made = document.createElement("span");
    made.className = className;
    made.textContent = text;
    return made;
  }

  function item(row) {
    var made = document.createElement("li");
    var what = span("what", "");
    var link = document.createElement("a");
    link.href = row.href;
    link.textContent = row.title;
    if (row.lang) link.lang = row.lang;
    what.append(link);
    made.append(what);
    if (row.module) made.append(span("aside", row.module));
    made.append(span("aside st st-" + row.stage, row.status));
    return made;
  }

  function show() {
    var words = fold(field.value).split(/\s+/).filter(Boolean);
    found.hidden = !words.length;
    roadmap.hidden = !!words.length;
    if (!words.length) { count.textContent = ""; return; }
    if (!rows) { load(); return; }
    var hits = rows.filter(function (row) { return words.every(function (word) { return row.text.includes(word); }); });
    var list = document.createElement("ul");
    list.className = "list";
    list.append.apply(list, hits.slice(0, MOST).map(item));
    var told = hits.length === 0 ? found.dataset.none : hits.length === 1 ? found.dataset.one : found.dataset.many.replace("{n}", hits.length);
    count.textContent = told;
    found.replaceChildren(span("quiet", told), list);
  }

  function fromAddress() {
    var query = location.hash.slice(0, 3) === "#q=" ? location.hash.slice(3) : "";
    try { field.value = decodeURIComponent(query); } catch (error) { field.value = ""; }
    show();
  }

  field.addEventListener("input", function () {
    show();
    history.replaceState(null, "", field.value ? "#q=" + encodeURIComponent(field.value) : location.pathname);
  });
  field.addEventListener("keydown", function (event) {
    if (event.key === "Escape") { field.value = ""; field.dispatchEvent(new Event("input")); }
  });
  window.addEventListener("hashchange", fromAddress);
  fromAddress();
})();

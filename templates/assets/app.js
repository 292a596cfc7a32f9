// What every page does: dates in words, light or dark, keys, copying, tables that sort.
"use strict";
var tobkit = (function () {
  var page = document.documentElement;
  var texts = {};
  var DAY = 86400000;
  var now = new Date();
  var today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) / DAY;
  var locale = page.lang === "en" ? "en-GB" : page.lang;
  var shortDate = new Intl.DateTimeFormat(locale, { month: page.lang === "en" ? "short" : "long", day: "numeric", timeZone: "UTC" });
  var longDate = new Intl.DateTimeFormat(locale, { year: "numeric", month: "long", day: "numeric", timeZone: "UTC" });

  function say(name, values) {
    return texts[name].replace(/\{(\w+)\}/g, function (slot, key) { return values && key in values ? values[key] : slot; });
  }
  function counted(name, n) {
    return say(n === 1 && texts[name + "1"] ? name + "1" : name, { n: n });
  }
  function dayOf(iso) {
    return Date.UTC(+iso.slice(0, 4), +iso.slice(5, 7) - 1, +iso.slice(8, 10)) / DAY;
  }

  // How far a day is: "41 days ago", "in 12 days".
  function distance(day) {
    var ahead = day - today;
    if (ahead === 0) return say("today");
    if (ahead === -1) return say("yesterday");
    if (ahead === 1) return say("tomorrow");
    return ahead < 0 ? counted("ago", -ahead) : counted("ahead", ahead);
  }
  function shown(day) {
    var date = new Date(day * DAY);
    return Math.abs(day - today) > 330 ? longDate.format(date) : shortDate.format(date);
  }

  // Amounts as the pages' own text has them: `¥210万`, `¥2.1M`; in full for tooltips.
  var SIGNS = { CNY: "¥", JPY: "¥", USD: "$", EUR: "€", GBP: "£", HKD: "HK$", SGD: "S$", TWD: "NT$" };
  function currency() {
    return SIGNS[texts.currency] || texts.currency + " ";
  }
  function shortened(value) {
    var steps = page.lang === "en" ? [[1e9, "B"], [1e6, "M"], [1e3, "k"]] : [[1e8, "亿"], [1e4, "万"]];
    var step = steps.find(function (one) { return value >= one[0]; });
    if (!step) return String(Math.round(value));
    var part = value / step[0];
    return (part < 100 ? part.toFixed(1).replace(/\.0$/, "") : Math.round(part)) + step[1];
  }
  function money(value) { return currency() + shortened(value); }
  function moneyExact(value) {
    return currency() + value.toLocaleString("en", { maximumFractionDigits: value % 1 ? 2 : 0 });
  }

  // A date in the way that its element asks for; the full date is its tooltip.
  function dress(time) {
    var day = dayOf(time.getAttribute("datetime"));
    var data = time.dataset;
    if (!time.title) time.title = longDate.format(new Date(day * DAY));
    if ("since" in data) {
      time.textContent = today - day > 0 ? counted("days", today - day) : distance(day);
    } else if ("left" in data) {
      time.textContent = distance(day);
    } else if ("due" in data) {
      var late = day < today;
      time.textContent = shown(day) + " · " + (late ? counted("late", today - day) : distance(day));
      time.classList.toggle("late", late);
    } else if ("ago" in data) {
      time.textContent = shown(day) + " · " + distance(day);
    } else {
      time.textContent = shown(day);
    }
  }

  function theme() {
    var dark = page.dataset.theme ? page.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    page.dataset.theme = dark ? "light" : "dark";
    try { localStorage.setItem(page.storageKey + ":theme", page.dataset.theme); } catch (error) { /* not remembered */ }
  }

  function copy(button) {
    var text = button.dataset.copy;
    var told = button.textContent;
    function done() {
      button.textContent = say("copied");
      setTimeout(function () { button.textContent = told; }, 1500);
    }
    function byHand() {
      var area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      button.focus();
      done();
    }
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, byHand); else byHand();
  }

  // Tables whose headings sort: numbers and dates stand in data-v.
  function sortable(table) {
    var body = table.tBodies[0];
    table.querySelectorAll("thead th").forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      button.append.apply(button, head.childNodes);
      head.append(button);
      button.addEventListener("click", function () {
        var numeric = head.classList.contains("num");
        var up = head.hasAttribute("aria-sort") ? head.getAttribute("aria-sort") === "descending" : !numeric;
        table.querySelectorAll("[aria-sort]").forEach(function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        function key(row) {
          var cell = row.cells[column];
          return numeric ? (cell.dataset.v ? +cell.dataset.v : -Infinity) : cell.textContent;
        }
        var rows = Array.from(body.rows);
        rows.sort(function (a, b) {
          var x = key(a), y = key(b);
          if (x === y) return 0;
          var order = numeric ? x - y : x.localeCompare(y, page.lang);
          return up ? order : -order;
        });
        body.append.apply(body, rows);
      });
    });
  }

  function move(step) {
    var links = Array.from(document.querySelectorAll(".list .what a, .cards a, .sheet tbody td:first-child a, .pair h2 a, .findings h3 a"));
    if (!links.length) return;
    var at = links.indexOf(document.activeElement);
    links[at < 0 ? 0 : Math.max(0, Math.min(links.length - 1, at + step))].focus();
  }

  function keys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    var find = document.getElementById("q");
    var inText = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "checkbox";
    if (inText || document.querySelector("dialog[open]")) return;
    if (event.key === "/") { find.focus(); find.select(); }
    else if (event.key === "?") document.getElementById("help").showModal();
    else if (event.key === "j" || event.key === "k") api.move(event.key === "j" ? 1 : -1);
    else return;
    event.preventDefault();
  }

  function start() {
    document.querySelectorAll("time").forEach(dress);
    document.querySelectorAll("table[data-sortable]").forEach(sortable);
    document.getElementById("theme").addEventListener("click", theme);
    document.addEventListener("keydown", keys);
    document.addEventListener("click", function (event) {
      var button = event.target.closest && event.target.closest("[data-copy]");
      if (button) { event.preventDefault(); copy(button); }
    });
    if (page.dataset.page !== "backlog") {
      var find = document.getElementById("q");
      find.addEventListener("keydown", function (event) {
        if (event.key === "Enter" && !event.isComposing && find.value.trim()) {
          location.href = page.dataset.root + "index.html#q=" + encodeURIComponent(find.value.trim());
        } else if (event.key === "Escape") { find.value = ""; find.blur(); }
      });
    }
  }

  var api = { say: say, counted: counted, dress: dress, move: move, money: money, moneyExact: moneyExact };
  window.tobkitTexts = function (given) { Object.assign(texts, given); start(); };
  return api;
})();

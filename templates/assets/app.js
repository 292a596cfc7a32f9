// What every page does: dates in words, light or dark, keys, copying, tables that sort.
"use strict";
var tobkit = (function () {
  var page = document.documentElement;
  var texts = {};
  var DAY = 86400000;
  var now = new Date();
  var today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) / DAY;
  var english = page.lang === "en";
  var MONTHS = "January February March April May June July August September October November December".split(" ");

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
  function longDate(day) {
    var date = new Date(day * DAY);
    var month = date.getUTCMonth();
    if (english) return date.getUTCDate() + " " + MONTHS[month] + " " + date.getUTCFullYear();
    return date.getUTCFullYear() + "年" + (month + 1) + "月" + date.getUTCDate() + "日";
  }
  function shortDate(day) {
    var date = new Date(day * DAY);
    if (english) return date.getUTCDate() + " " + MONTHS[date.getUTCMonth()].slice(0, 3);
    return date.getUTCMonth() + 1 + "月" + date.getUTCDate() + "日";
  }
  // The year is said where one could be mistaken.
  function shown(day) {
    return Math.abs(day - today) > 330 ? longDate(day) : shortDate(day);
  }

  // Numbers and amounts as the pages' own text has them (tobkit/site/format.py): `¥210万`, `¥2.1M`.
  var UNITS = english ? [[1e3, "k"], [1e6, "M"], [1e9, "B"]] : [[1e4, "万"], [1e8, "亿"]];
  function grouped(text) {
    var parts = text.split(".");
    return parts[0].replace(/\B(?=(\d{3})+$)/g, ",") + (parts[1] ? "." + parts[1] : "");
  }
  // Halves go to the even digit, as in Python.
  function decimal(value, places) {
    var factor = Math.pow(10, places);
    var twice = value * Math.pow(2, places + 1);
    var low = Math.floor(value * factor);
    var shown = (twice % 2 === 1 ? (low + low % 2) / factor : value).toFixed(places);
    return grouped(places ? shown.replace(/\.?0+$/, "") : shown);
  }
  function number(value) {
    if (value < 9999.5) return decimal(value, value >= 100 ? 0 : value >= 10 ? 1 : 2);
    for (var k = 0; k < UNITS.length; k++) {
      var part = value / UNITS[k][0];
      var shown = decimal(part, part >= 99.95 ? 0 : 1);
      if (k === UNITS.length - 1 || +shown.replace(/,/g, "") < UNITS[k + 1][0] / UNITS[k][0]) return shown + UNITS[k][1];
    }
  }
  function money(value) { return texts.currency + number(value); }
  function moneyExact(value) { return texts.currency + grouped(value.toFixed(2).replace(/\.00$/, "")); }

  // A date in the way that its element asks for; the full date is its tooltip.
  function dress(time) {
    var day = dayOf(time.getAttribute("datetime"));
    var data = time.dataset;
    if (!time.title) time.title = longDate(day);
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

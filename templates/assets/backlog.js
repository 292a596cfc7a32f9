// The backlog: all rows in memory by column, filtered, sorted and grouped; only those in sight are drawn.
"use strict";
(function () {
  var table = document.getElementById("rows");
  if (!table) return;
  var page = document.documentElement;
  var say = tobkit.say, counted = tobkit.counted;
  var body = table.tBodies[0];
  var find = document.getElementById("q");
  var form = document.getElementById("facets");
  var pattern = document.getElementById("row").content.querySelector("tr");
  var grouping = document.getElementById("group");

  var ALL_DRAWN = 300;
  var AROUND = 30;
  var collator = new Intl.Collator(page.lang);

  var head = null;          // what tobkitFacets gave
  var facets = [];          // {name, label, values, many, single: Int32Array | starts, items}
  var byName = {};
  var loaded = 0;
  var col = null;
  var state = read();
  var inText = null;        // rows whose text has the query, as far as known
  var textQuery = "";
  var items = [];           // what is listed: a row, or -(group + 1) for a heading
  var groups = [];
  var drawn = { from: 0, to: 0 };
  var active = 0;           // the place in items that j and k move
  var terms = [];

  // ---- data ----

  window.tobkitFacets = function (given) {
    head = given;
    var n = head.rows;
    col = {
      id: new Array(n), title: new Array(n), hay: new Array(n), since: new Int32Array(n), state: new Int32Array(n),
      customers: new Int32Array(n), arr: new Float64Array(n), promise: new Map(), similar: new Map(), into: new Map(), href: new Map()
    };
    facets = head.facets.map(function (facet) {
      var one = { name: facet.name, label: facet.label, values: facet.values, many: facet.many, counts: null, places: new Map() };
      facet.values.forEach(function (value, place) { one.places.set(value[0], place); });
      if (facet.many) { one.starts = new Uint32Array(n + 1); one.items = []; } else { one.single = new Int32Array(n).fill(-1); }
      byName[facet.name] = one;
      return one;
    });
  };

  window.tobkitRows = function (number, columns) {
    var first = loaded;
    var count = columns.id.length;
    var customers = byName.customer;
    for (var i = 0; i < count; i++) {
      var row = first + i;
      col.id[row] = columns.id[i];
      col.title[row] = columns.title[i];
      col.hay[row] = plain(columns.title[i] + " " + columns.id[i]);
      col.since[row] = columns.since[i];
      col.state[row] = columns.state[i];
    }
    ["promise", "similar", "into", "href"].forEach(function (name) {
      Object.keys(columns[name]).forEach(function (place) { col[name].set(first + +place, columns[name][place]); });
    });
    facets.forEach(function (facet) {
      var values = columns["f." + facet.name];
      for (var i = 0; i < count; i++) {
        if (facet.many) {
          for (var k = 0; k < values[i].length; k++) facet.items.push(values[i][k]);
          facet.starts[first + i + 1] = facet.items.length;
        } else facet.single[first + i] = values[i];
      }
    });
    for (var r = first; r < first + count; r++) {
      for (var k = customers.starts[r]; k < customers.starts[r + 1]; k++) {
        var value = customers.values[customers.items[k]];
        col.arr[r] += value[2] || 0;
        col.customers[r] += value[3] || 0;
      }
    }
    loaded += count;
    if (number === 0) more();
    if (loaded === head.rows) ready();
  };

  function more() {
    for (var number = 1; number < head.shards.length; number++) {
      var script = document.createElement("script");
      script.src = "data/rows-" + number + ".js?v=" + head.shards[number];
      script.async = false;
      document.head.append(script);
    }
  }

  function plain(text) {
    return window.TobkitSearch ? TobkitSearch.normalise(text) : text.toLowerCase();
  }

  // ---- the state and the address ----

  function read() {
    var found = { q: "", sort: "rank", down: false, group: "", scope: "", facets: {} };
    location.hash.slice(1).split("&").forEach(function (part) {
      var at = part.indexOf("=");
      if (at < 1) return;
      var name = part.slice(0, at);
      var values;
      try { values = part.slice(at + 1).split(",").map(decodeURIComponent); } catch (error) { return; }
      if (name === "q" || name === "group" || name === "scope") found[name] = values.join(",");
      else if (name === "sort") { found.down = values[0][0] === "-"; found.sort = values[0].replace(/^-/, ""); }
      else found.facets[name] = values.filter(Boolean);
    });
    if (["rank", "title", "customers", "arr", "status", "since", "owner"].indexOf(found.sort) < 0) found.sort = "rank";
    if (["", "none", "status", "module", "owner"].indexOf(found.group) < 0) found.group = "";
    return found;
  }

  function write() {
    var parts = [];
    if (state.q) parts.push("q=" + encodeURIComponent(state.q));
    facets.forEach(function (facet) {
      var keys = state.facets[facet.name];
      if (keys && keys.length) parts.push(facet.name + "=" + keys.map(encodeURIComponent).join(","));
    });
    if (state.sort !== "rank" || state.down) parts.push("sort=" + (state.down ? "-" : "") + state.sort);
    if (state.group) parts.push("group=" + state.group);
    if (state.scope) parts.push("scope=" + state.scope);
    var hash = parts.length ? "#" + parts.join("&") : location.pathname.replace(/.*\//, "") + location.search;
    try { history.replaceState(null, "", hash); } catch (error) { location.hash = parts.join("&"); }
  }

  // ---- which rows ----

  // A value of a facet that has the term; null where none has.
  function matching(facet, term) {
    var mask = null;
    facet.values.forEach(function (value, place) {
      if (value.plain === undefined) value.plain = plain(value[1]);
      if (value.plain.indexOf(term) >= 0) (mask = mask || new Uint8Array(facet.values.length))[place] = 1;
    });
    return mask;
  }

  function has(facet, row, mask) {
    if (!facet.many) { var value = facet.single[row]; return value >= 0 && mask[value] === 1; }
    for (var k = facet.starts[row]; k < facet.starts[row + 1]; k++) if (mask[facet.items[k]]) return true;
    return false;
  }

  function count(facet, row) {
    if (!facet.many) { if (facet.single[row] >= 0) facet.counts[facet.single[row]]++; return; }
    for (var k = facet.starts[row]; k < facet.starts[row + 1]; k++) facet.counts[facet.items[k]]++;
  }

  function select() {
    terms = plain(state.q).split(/\s+/).filter(Boolean);
    var inWords = terms.map(function (term) {
      return facets.map(function (facet) {
        var mask = facet.name === "status" ? null : matching(facet, term);
        return mask && { facet: facet, mask: mask };
      }).filter(Boolean);
    });
    var masks = facets.map(function (facet) {
      var keys = (state.facets[facet.name] || []).filter(function (key) { return facet.places.has(key); });
      state.facets[facet.name] = keys;
      facet.counts = new Uint32Array(facet.values.length);
      if (!keys.length) return null;
      var mask = new Uint8Array(facet.values.length);
      keys.forEach(function (key) { mask[facet.places.get(key)] = 1; });
      return mask;
    });
    var statusFree = !masks[0] && state.scope !== "all";
    var found = [], texts = [], closed = 0;
    for (var row = 0; row < loaded; row++) {
      var byText = false;
      var fits = true;
      for (var t = 0; t < terms.length && fits; t++) {
        fits = col.hay[row].indexOf(terms[t]) >= 0;
        for (var w = 0; w < inWords[t].length && !fits; w++) fits = has(inWords[t][w].facet, row, inWords[t][w].mask);
      }
      if (!fits) {
        if (!inText || !inText.has(row)) continue;
        byText = true;
      }
      var failed = -1, fails = 0;
      for (var f = 0; f < facets.length && fails < 2; f++) {
        var ok = masks[f] ? has(facets[f], row, masks[f]) : f > 0 || !statusFree || row < head.ranked;
        if (!ok) { fails++; failed = f; }
      }
      if (fails > 1) continue;
      if (fails === 1) {
        count(facets[failed], row);
        if (failed === 0 && statusFree) closed++;
        continue;
      }
      for (f = 0; f < facets.length; f++) count(facets[f], row);
      (byText ? texts : found).push(row);
    }
    order(found);
    order(texts);
    return { found: found, texts: texts, closed: closed };
  }

  function order(rows) {
    var key = {
      title: function (row) { return col.title[row]; },
      customers: function (row) { return col.customers[row]; },
      arr: function (row) { return col.arr[row]; },
      status: function (row) { return col.state[row]; },
      since: function (row) { return -col.since[row]; },
      owner: function (row) { return text(byName.owner, row) || "\uffff"; }
    }[state.sort];
    if (key) {
      var keys = new Map(rows.map(function (row) { return [row, key(row)]; }));
      rows.sort(function (a, b) {
        var x = keys.get(a), y = keys.get(b);
        var sign = state.down ? -1 : 1;
        return sign * (typeof x === "string" ? collator.compare(x, y) : x - y) || a - b;
      });
    } else if (state.down) rows.reverse();
  }

  // ---- what is listed ----

  function list(chosen) {
    items = [];
    groups = [];
    var by = state.group || (state.sort === "rank" && !state.down ? "tier" : "none");
    var facet = by === "none" ? null : byName[by];
    if (!facet) push(chosen.found);
    else {
      var parts = new Map();
      chosen.found.forEach(function (row) {
        var value = facet.single[row];
        if (!parts.has(value)) parts.set(value, []);
        parts.get(value).push(row);
      });
      Array.from(parts.keys()).sort(function (a, b) { return (a < 0 ? 1e9 : a) - (b < 0 ? 1e9 : b); }).forEach(function (value) {
        var rows = parts.get(value);
        var named = value < 0 ? (by === "tier" ? say("over") : say("none")) : facet.values[value][1];
        var shape = value < 0 ? "" : by === "tier" ? "tier tier-" + facet.values[value][0] : by === "status" ? "st st-" + facet.values[value][2] : "";
        heading(named, rows, shape);
        push(rows);
      });
    }
    if (chosen.texts.length) {
      heading(say("text"), chosen.texts, "");
      push(chosen.texts);
    }
  }
  function push(rows) { for (var k = 0; k < rows.length; k++) items.push(rows[k]); }
  function heading(label, rows, shape) {
    groups.push({ label: label, count: rows.length, arr: behind(rows), shape: shape });
    items.push(-groups.length);
  }

  // The revenue of the customers behind some rows, each counted once.
  function behind(rows) {
    var customers = byName.customer;
    var seen = new Uint8Array(customers.values.length);
    var sum = 0;
    for (var r = 0; r < rows.length; r++) {
      for (var k = customers.starts[rows[r]]; k < customers.starts[rows[r] + 1]; k++) {
        var place = customers.items[k];
        if (!seen[place]) { seen[place] = 1; sum += customers.values[place][2] || 0; }
      }
    }
    return sum;
  }

  function text(facet, row) {
    var value = facet.single[row];
    return value < 0 || facet.values[value][0] === "-" ? "" : facet.values[value][1];
  }

  // ---- drawing ----

  function draw(everything) {
    var height = rowHeight();
    var from = 0, to = items.length;
    if (!everything && items.length > ALL_DRAWN) {
      var top = body.getBoundingClientRect().top;
      from = Math.max(0, Math.floor(-top / height) - AROUND);
      to = Math.min(items.length, Math.ceil((innerHeight - top) / height) + AROUND);
      from -= from % 2;
      if (to <= from) { from = Math.max(0, Math.min(from, items.length - AROUND)); to = Math.min(items.length, from + AROUND); }
    }
    drawn = { from: from, to: to, all: from === 0 && to === items.length };
    var focused = body.contains(document.activeElement) ? document.activeElement.closest("tr") : null;
    var kept = focused && focused.dataset.id;
    var rows = [];
    if (from) rows.push(space(from * height));
    for (var k = from; k < to; k++) rows.push(items[k] < 0 ? drawHeading(k) : drawRow(k));
    if (to < items.length) rows.push(space((items.length - to) * height));
    body.replaceChildren.apply(body, rows);
    if (kept) {
      var again = body.querySelector('tr[data-id="' + CSS.escape(kept) + '"] a');
      if (again) again.focus({ preventScroll: true });
    }
  }

  function rowHeight() {
    return parseFloat(getComputedStyle(page).getPropertyValue("--row")) || 36;
  }

  function space(height) {
    var row = document.createElement("tr");
    row.className = "space";
    row.setAttribute("aria-hidden", "true");
    var cell = row.insertCell();
    cell.colSpan = 7;
    cell.style.height = height + "px";
    return row;
  }

  function drawHeading(place) {
    var group = groups[-items[place] - 1];
    var row = document.createElement("tr");
    row.className = "head";
    row.setAttribute("aria-rowindex", place + 2);
    var cell = row.insertCell();
    cell.colSpan = 7;
    var line = document.createElement("div");
    line.className = "line";
    var name = document.createElement("b");
    name.className = group.shape;
    name.textContent = group.label;
    var many = document.createElement("span");
    many.textContent = counted("needs", group.count);
    line.append(name, many);
    if (group.arr) {
      var sum = document.createElement("span");
      sum.textContent = tobkit.money(group.arr);
      line.append(sum);
    }
    cell.append(line);
    return row;
  }

  function drawRow(place) {
    var row = items[place];
    var tr = pattern.cloneNode(true);
    var cells = tr.cells;
    var ranked = row < head.ranked;
    tr.dataset.id = col.id[row];
    tr.setAttribute("aria-rowindex", place + 2);
    if (place === active) tr.classList.add("at");
    cells[0].textContent = ranked ? row + 1 : "–";
    var line = cells[1].firstChild;
    var tier = byName.tier.single[row];
    line.children[0].className = "tier tier-" + (tier < 0 ? 0 : byName.tier.values[tier][0]);
    if (tier >= 0) line.children[0].title = byName.tier.values[tier][1];
    var link = line.children[1];
    link.setAttribute("href", col.href.get(row) || "requirement/" + col.id[row] + ".html");
    link.tabIndex = place === active ? 0 : -1;
    var lang = language(col.title[row]);
    if (lang) link.lang = lang; else link.removeAttribute("lang");
    mark(link, col.title[row]);
    signs(line.children[2], row);
    mark(line.children[3], text(byName.module, row));
    cells[2].textContent = col.customers[row];
    cells[3].textContent = col.arr[row] ? tobkit.money(col.arr[row]) : "–";
    if (col.arr[row]) cells[3].title = tobkit.moneyExact(col.arr[row]); else cells[3].removeAttribute("title");
    var status = byName.status.values[col.state[row]];
    cells[4].firstChild.className = "st st-" + status[2];
    cells[4].firstChild.textContent = status[1];
    var time = cells[5].firstChild;
    time.setAttribute("datetime", iso(col.since[row]));
    time.removeAttribute("title");
    tobkit.dress(time);
    mark(cells[6], text(byName.owner, row));
    return tr;
  }

  function signs(span, row) {
    span.replaceChildren();
    function sign(kind, content) {
      var one = document.createElement("span");
      one.className = "sign" + (kind ? " sign-" + kind : "");
      one.append.apply(one, content);
      span.append(one);
    }
    if (col.into.has(row)) sign("", [say("merged")]);
    if (col.promise.has(row)) {
      var time = document.createElement("time");
      time.setAttribute("datetime", iso(col.promise.get(row)));
      tobkit.dress(time);
      sign("promise", [say("promised") + " ", time]);
    }
    if (col.similar.has(row)) sign("", [counted("similar", col.similar.get(row))]);
  }

  function iso(day) { return new Date(day * 86400000).toISOString().slice(0, 10); }

  function language(title) {
    if (/[\u3040-\u30ff]/.test(title)) return "ja";
    if (/[\u3400-\u9fff\uf900-\ufaff]/.test(title)) return page.lang === "zh-CN" ? "" : "zh-CN";
    return page.lang !== "en" && /[A-Za-z]/.test(title) ? "en" : "";
  }

  // A text with what was searched for marked.
  function mark(element, shown) {
    element.textContent = shown;
    if (!terms.length) return;
    var low = plain(shown);
    if (low.length !== shown.length) return;
    var spans = [];
    terms.forEach(function (term) {
      for (var at = low.indexOf(term); at >= 0; at = low.indexOf(term, at + term.length)) spans.push([at, at + term.length]);
    });
    if (!spans.length) return;
    spans.sort(function (a, b) { return a[0] - b[0]; });
    element.textContent = "";
    var end = 0;
    spans.forEach(function (span) {
      if (span[1] <= end) return;
      var start = Math.max(span[0], end);
      element.append(shown.slice(end, start));
      var hit = document.createElement("mark");
      hit.textContent = shown.slice(start, span[1]);
      element.append(hit);
      end = span[1];
    });
    element.append(shown.slice(end));
  }

  // ---- what stands around the rows ----

  function around(chosen) {
    var shown = chosen.found.length + chosen.texts.length;
    var line = document.getElementById("count");
    var number = document.createElement("b");
    number.textContent = counted("needs", shown);
    var sum = document.createElement("span");
    var arr = behind(chosen.found.concat(chosen.texts));
    sum.textContent = tobkit.money(arr);
    sum.title = say("counted", { arr: tobkit.moneyExact(arr) });
    line.replaceChildren(number, " · ", sum);
    table.setAttribute("aria-rowcount", items.length + 1);
    document.getElementById("nothing").hidden = shown > 0;
    table.hidden = shown === 0;
    table.querySelectorAll("th[data-sort]").forEach(function (th) {
      if (th.dataset.sort === state.sort) th.setAttribute("aria-sort", state.down ? "descending" : "ascending");
      else th.removeAttribute("aria-sort");
    });
    form.querySelectorAll("input").forEach(function (box) {
      var facet = byName[box.name];
      var place = facet.places.get(box.value);
      var n = facet.counts[place];
      box.checked = state.facets[box.name].indexOf(box.value) >= 0;
      box.parentNode.lastElementChild.textContent = n;
      box.parentNode.classList.toggle("none", !n && !box.checked);
    });
    form.querySelectorAll(".facet").forEach(function (part) {
      var n = state.facets[part.dataset.facet].length;
      part.querySelector("summary b").textContent = n || "";
    });
    grouping.value = state.group;
    chips();
    var others = document.getElementById("others");
    others.hidden = !(chosen.closed && (state.q || shown === 0));
    if (!others.hidden) {
      var show = document.createElement("button");
      show.className = "copy";
      show.type = "button";
      show.textContent = say("show");
      show.addEventListener("click", function () { state.scope = "all"; update(); find.focus(); });
      others.replaceChildren(counted("closed", chosen.closed) + " ", show);
    }
  }

  function chips() {
    var all = [];
    function chip(label, remove) {
      var one = document.createElement("button");
      one.type = "button";
      one.className = "chip";
      one.title = say("remove");
      var inner = document.createElement("span");
      inner.textContent = label;
      one.append(inner);
      one.addEventListener("click", function () { remove(); update(); focusRow(); });
      all.push(one);
    }
    facets.forEach(function (facet) {
      state.facets[facet.name].forEach(function (key) {
        chip(facet.values[facet.places.get(key)][1], function () {
          state.facets[facet.name] = state.facets[facet.name].filter(function (other) { return other !== key; });
        });
      });
    });
    if (state.scope === "all") chip(say("all"), function () { state.scope = ""; });
    if (all.length > 1) {
      chip(say("clear"), function () { state.facets = {}; state.scope = ""; });
      all[all.length - 1].classList.add("all");
    }
    document.getElementById("chips").replaceChildren.apply(document.getElementById("chips"), all);
  }

  function update() {
    if (loaded < head.rows) return;
    if (state.q !== textQuery) inText = null;
    var chosen = select();
    list(chosen);
    active = items.findIndex(function (item) { return item >= 0; });
    around(chosen);
    draw();
    write();
    searchTexts();
  }

  var waiting = 0;
  function searchTexts() {
    if (state.q === textQuery) return;
    textQuery = state.q;
    clearTimeout(waiting);
    if (!state.q.trim() || !window.TobkitSearch) return;
    waiting = setTimeout(function () {
      var asked = state.q;
      TobkitSearch.bodies(asked, "").then(function (rows) {
        if (asked !== state.q) return;
        inText = rows;
        update();
      });
    }, 120);
  }

  // ---- keys and clicks ----

  tobkit.move = function (step) {
    var next = active;
    if (body.contains(document.activeElement)) {
      do { next += step; } while (next >= 0 && next < items.length && items[next] < 0);
    }
    if (next >= 0 && next < items.length) { active = next; focusRow(); }
  };

  function focusRow() {
    if (active < 0) return;
    if (active < drawn.from || active >= drawn.to) {
      scrollTo(0, scrollY + body.getBoundingClientRect().top + active * rowHeight() - innerHeight / 2);
      draw();
    }
    var row = body.querySelector('tr[aria-rowindex="' + (active + 2) + '"]');
    if (!row) return;
    body.querySelectorAll('a[tabindex="0"]').forEach(function (link) { link.tabIndex = -1; });
    var link = row.querySelector("a");
    link.tabIndex = 0;
    link.focus();
  }

  function ready() {
    form.querySelector("fieldset").disabled = false;
    find.value = state.q;
    update();
    page.classList.remove("waiting");
    find.addEventListener("input", function () {
      state.q = find.value;
      update();
    });
    find.addEventListener("keydown", function (event) {
      if (event.isComposing) return;
      if (event.key === "Escape") {
        if (find.value) { find.value = ""; state.q = ""; update(); } else find.blur();
        event.preventDefault();
      } else if (event.key === "Enter" || event.key === "ArrowDown") { focusRow(); event.preventDefault(); }
    });
    form.addEventListener("change", function (event) {
      var box = event.target;
      var keys = state.facets[box.name];
      if (box.checked) keys.push(box.value); else keys.splice(keys.indexOf(box.value), 1);
      update();
    });
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    var toggle = form.querySelector(".facets-toggle");
    toggle.addEventListener("click", function () {
      toggle.setAttribute("aria-expanded", String(form.classList.toggle("open")));
    });
    table.querySelectorAll("th[data-sort]").forEach(function (th) {
      th.firstElementChild.addEventListener("click", function () {
        var name = th.dataset.sort;
        var falls = name === "customers" || name === "arr" || name === "since";
        if (state.sort === name) state.down = !state.down;
        else { state.sort = name; state.down = falls; }
        update();
      });
    });
    grouping.addEventListener("change", function () { state.group = grouping.value; update(); });
    body.addEventListener("focusin", function (event) {
      var row = event.target.closest("tr");
      if (row && row.hasAttribute("aria-rowindex")) active = +row.getAttribute("aria-rowindex") - 2;
    });
    body.addEventListener("keydown", function (event) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        tobkit.move(event.key === "ArrowDown" ? 1 : -1);
        event.preventDefault();
      } else if (event.key === "Escape") { find.focus(); find.select(); }
    });
    addEventListener("hashchange", function () { state = read(); find.value = state.q; update(); });
    addEventListener("scroll", function () { if (!drawn.all) requestAnimationFrame(scrolled); }, { passive: true });
    addEventListener("resize", function () { if (!drawn.all) draw(); });
    addEventListener("beforeprint", function () { draw(true); });
    addEventListener("afterprint", function () { draw(); });
  }

  function scrolled() {
    var height = rowHeight();
    var top = body.getBoundingClientRect().top;
    var first = Math.max(0, Math.floor(-top / height));
    var last = Math.min(items.length, Math.ceil((innerHeight - top) / height));
    if (first < drawn.from + 8 && drawn.from > 0 || last > drawn.to - 8 && drawn.to < items.length) draw();
  }
})();

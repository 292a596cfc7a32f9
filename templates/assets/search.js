// Searches the bodies by the index that tobkit/site/search.py writes; how texts are cut into terms, and terms into
// shards, stands there. A classic script: on file:// neither fetch nor modules work, so shards come as <script>s.
//
//   TobkitSearch.bodies(query, base)  a Promise of the Set of rows whose body holds the query; of null where the index
//                                     has no say (no word in the query, or a file that can't be loaded). `base` is the
//                                     way to the site's root: "" or "../".
//   TobkitSearch.normalise(text)      the form by which texts are compared.
"use strict";

var TobkitSearch = (() => {
  const HAN = "\\u3005-\\u3007\\u3041-\\u30ff\\u3400-\\u9fff\\uac00-\\ud7a3\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
  const RUNS = new RegExp(`([${HAN}]+)|(?:(?![${HAN}])[\\p{L}\\p{N}])+`, "gu");
  const DIGITS = Array.from({ length: 92 }, (_, i) => String.fromCharCode(35 + i)).filter((c) => !'<\\"'.includes(c));
  const VALUES = new Map(DIGITS.map((digit, value) => [digit.charCodeAt(0), value]));
  const LONGEST_WORD = 24;
  const PREFIX = 3;

  const loaded = new Map(); // name of a file -> what it holds
  const loading = new Map(); // address of a file -> Promise of what it holds

  function normalise(text) {
    return text.normalize("NFKC").toLowerCase().replaceAll("ß", "ss").replaceAll("ς", "σ");
  }

  function fnv1a(text) {
    let hash = 2166136261;
    for (const character of text) hash = Math.imul(hash ^ character.codePointAt(0), 16777619);
    return hash >>> 0;
  }

  /** What a query asks for: terms, each with the characters that choose its shard. */
  function terms(query) {
    const found = new Map();
    for (const [text, run] of normalise(query).matchAll(RUNS)) {
      const characters = [...text];
      if (!run) {
        const word = characters.slice(0, LONGEST_WORD).join("");
        const prefix = characters.slice(0, PREFIX).join("");
        found.set(word, { text: word, key: prefix, isPrefix: characters.length >= PREFIX });
      } else if (characters.length === 1) {
        found.set(text, { text, key: text, isPrefix: false });
      } else {
        for (let i = 1; i < characters.length; i += 1) {
          const pair = characters[i - 1] + characters[i];
          found.set(pair, { text: pair, key: pair, isPrefix: false });
        }
      }
    }
    return [...found.values()];
  }

  /** The row numbers that the index holds for a term. */
  function rowsOf(written) {
    const rows = [];
    if (written[0] === "!") {
      for (let i = 1; i < written.length; i += 1) {
        const bits = VALUES.get(written.charCodeAt(i));
        for (let bit = 0; bit < 6; bit += 1) if (bits & (32 >> bit)) rows.push((i - 1) * 6 + bit);
      }
      return rows;
    }
    let row = -1;
    let more = 0;
    for (let i = 0; i < written.length; i += 1) {
      const value = VALUES.get(written.charCodeAt(i));
      if (value >= 64) {
        more = more * 26 + value - 64;
      } else {
        row += more * 64 + value + 1;
        rows.push(row);
        more = 0;
      }
    }
    return rows;
  }

  /** Load a file of the index once; it hands its content over by calling tobkitSearch. */
  function load(base, name, version) {
    const address = `${base}search/${name}.js${version ? `?${version}` : ""}`;
    if (!loading.has(address)) {
      const promise = new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = address;
        script.onload = () => (loaded.has(name) ? resolve(loaded.get(name)) : reject(new Error(address)));
        script.onerror = () => reject(new Error(address));
        document.head.append(script);
      });
      promise.catch(() => loading.delete(address)); // the next search tries again
      loading.set(address, promise);
    }
    return loading.get(address);
  }

  async function rowsOfTerm(term, base, index) {
    const width = (index.shards - 1).toString(16).length;
    const name = (fnv1a(term.key) % index.shards).toString(16).padStart(width, "0");
    const shard = await load(base, name, index.version);
    if (!term.isPrefix) return new Set(shard.has(term.text) ? rowsOf(shard.get(term.text)) : []);
    const rows = new Set();
    for (const [text, written] of shard) if (text.startsWith(term.text)) for (const row of rowsOf(written)) rows.add(row);
    return rows;
  }

  async function bodies(query, base = "") {
    const wanted = terms(query);
    if (!wanted.length) return null;
    try {
      const index = Object.fromEntries(await load(base, "index", ""));
      const sets = await Promise.all(wanted.map((term) => rowsOfTerm(term, base, index)));
      sets.sort((one, other) => one.size - other.size);
      return new Set([...sets[0]].filter((row) => sets.every((rows) => rows.has(row))));
    } catch {
      return null;
    }
  }

  /** Called by the index's files. A Map, so that a word like "constructor" is one like any other. */
  function receive(name, content) {
    loaded.set(name, new Map(Object.entries(content)));
  }

  return { bodies, normalise, receive, fnv1a, terms };
})();

// eslint-disable-next-line no-unused-vars -- called by search/*.js
function tobkitSearch(name, content) {
  TobkitSearch.receive(name, content);
}

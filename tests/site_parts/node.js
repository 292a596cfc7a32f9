// Runs assets/search.js as a page on file:// would, for test_search.py: asks come as JSON on stdin, answers go to stdout.
const fs = require("fs");
const path = require("path");
const vm = require("vm");

const [script, site] = process.argv.slice(2);
const asked = JSON.parse(fs.readFileSync(0, "utf8"));
const loads = [];

globalThis.document = {
  createElement: () => ({}),
  head: {
    append(element) {
      const address = element.src.split("?")[0];
      loads.push(address);
      setImmediate(() => {
        try {
          vm.runInThisContext(fs.readFileSync(path.join(site, address), "utf8"));
        } catch (error) {
          if (error.code !== "ENOENT") throw error;
          return element.onerror();
        }
        return element.onload();
      });
    },
  },
};
vm.runInThisContext(fs.readFileSync(script, "utf8"));

(async () => {
  const answer = {
    normalised: (asked.normalise || []).map((text) => TobkitSearch.normalise(text)),
    hashes: (asked.hash || []).map((text) => TobkitSearch.fnv1a(text)),
    terms: (asked.terms || []).map((text) => TobkitSearch.terms(text).map((term) => term.text)),
    rows: [],
  };
  for (const query of asked.queries || []) {
    const rows = await TobkitSearch.bodies(query, "");
    answer.rows.push(rows && [...rows].sort((one, other) => one - other));
  }
  process.stdout.write(JSON.stringify({ ...answer, loads }));
})();

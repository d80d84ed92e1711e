// Data files: classic scripts, as pages opened by double click may load nothing else. Each calls gongbao.shard once with
// its name, its release and its tables, snappy Parquet in base64.
"use strict";

const gongbao = { shard: (name, release, tables) => arrived.get(name)({ release, tables }) };
const arrived = new Map();
const asked = new Map();

// The tables of a data file: {TABLE: [row, …]}, each row an object by column; asked for once.
function shard(name) {
  if (!asked.has(name)) asked.set(name, load(name).then(decode));
  return asked.get(name);
}

function load(name) {
  return new Promise((resolve, reject) => {
    arrived.set(name, resolve);
    const script = document.createElement("script");
    script.src = `data/${name.split("/").map(encodeURIComponent).join("/")}.js`;
    script.onerror = () => {
      asked.delete(name);
      reject(new Error(`${script.getAttribute("src")}: ${word("failed_remedy")}`));
    };
    script.onload = () => script.remove();
    document.head.append(script);
  });
}

function decode({ release, tables }) {
  const read = { release };
  for (const [table, base64] of Object.entries(tables)) {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    read[table] = rowsOf(Object.entries(hyparquet.readColumns(bytes.buffer)));
  }
  return read;
}

function rowsOf(columns) {
  const length = columns[0][1].length;
  return Array.from({ length }, (_, at) => Object.fromEntries(columns.map(([name, values]) => [name, values[at]])));
}

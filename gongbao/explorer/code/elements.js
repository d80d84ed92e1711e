// Elements made of names, attributes and text. Nothing on this page is ever parsed as markup: what documents say enters
// as text nodes.
"use strict";

function element(name, attributes = {}, ...children) {
  return furnish(document.createElement(name), attributes, children);
}

function drawn(name, attributes = {}, ...children) {
  return furnish(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function furnish(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== "" && child !== false));
  return made;
}

// A labelled select of [value, text] or {group, options}; `choose` gets the value.
function select(id, title, options, chosen, choose) {
  const option = ([value, text]) => element("option", { value, selected: value === chosen }, text);
  const made = element(
    "select",
    { id, onchange: (event) => choose(event.target.value) },
    options.map((each) =>
      Array.isArray(each) ? option(each) : element("optgroup", { label: each.group }, each.options.map(option)),
    ),
  );
  return element("div", { class: "field" }, element("label", { for: id }, title), made);
}

function button(text, act, attributes = {}) {
  return element("button", { type: "button", onclick: act, ...attributes }, text);
}

// Only what a browser may follow safely becomes a link; null else.
function link(address, text) {
  if (!/^https?:\/\//i.test(address ?? "")) return null;
  return element("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, text);
}

// el makes an element. Attributes that are undefined or false are left out, and
// children that are strings become text.
export function el(tag, attributes, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value !== undefined && value !== false) e.setAttribute(name, value === true ? "" : value);
  }
  e.append(...children);
  return e;
}

const number = new Intl.NumberFormat("en");

export const size = (bytes) => `${number.format(bytes)} B`;

export const byteLength = (value) => new TextEncoder().encode(JSON.stringify(value)).length;

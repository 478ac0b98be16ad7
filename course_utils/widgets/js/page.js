// What every explorer puts on a page: elements, and numbers.

export function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** A number as the slider shows it; never "-0.00". */
export function decimal(value, digits) {
  return (Number(value.toFixed(digits)) || 0).toFixed(digits);
}

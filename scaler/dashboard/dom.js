const SVG = 'http://www.w3.org/2000/svg'

/**
 * An element. Children are elements or texts; a text is always a text node, so that no name can become markup.
 * `on` holds listeners, everything else is an attribute; undefined, null and false leave it out.
 */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children)
}

/** The same for what is drawn. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children)
}

function fill(element, { on = {}, ...attributes }, children) {
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value)
  for (const [name, listener] of Object.entries(on)) element.addEventListener(name, listener)
  element.append(
    ...children.flat().filter((child) => child !== undefined && child !== null && child !== false),
  )
  return element
}

/** Touches the page only for what is new. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text
}

/** Touches the page only for what is new. */
export function setAttribute(element, name, value) {
  if (value === undefined || value === null || value === false) {
    if (element.hasAttribute(name)) element.removeAttribute(name)
    return
  }
  const text = value === true ? '' : String(value)
  if (element.getAttribute(name) !== text) element.setAttribute(name, text)
}

/**
 * Keeps one child for each item: makes those that are new, updates and moves the others, removes the rest.
 * @param make gives {element, update(item)} for an item
 */
export function createList(parent, keyOf, make) {
  const rows = new Map()
  return (items) => {
    const keys = new Set(items.map(keyOf))
    for (const [key, row] of rows)
      if (!keys.has(key)) {
        row.element.remove()
        rows.delete(key)
      }
    let next = parent.firstElementChild
    for (const item of items) {
      const key = keyOf(item)
      const row = rows.get(key) ?? make(item)
      rows.set(key, row)
      row.update(item)
      if (row.element === next) next = next.nextElementSibling
      else parent.insertBefore(row.element, next)
    }
  }
}

#: What can be pressed and is smaller than 24 px, but for links within a sentence and the fields' own controls.
TOO_SMALL = """
[...document.querySelectorAll('a, button, summary, select, input:not([type=hidden])')]
  .filter(each => !each.matches('.unseen') && !each.closest('p, td, dd'))
  .map(each => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
  .filter(([, box]) => box.width && Math.min(box.width, box.height) < 24)
  .map(([html, box]) => `${html} ${Math.round(box.width)}x${Math.round(box.height)}`)
"""

#: What holds more than it shows.
CLIPPED = """
[...document.querySelectorAll('main *')]
  .filter(each => !each.matches('.unseen, .unseen *, svg, svg *, .name') && each.clientWidth > 1)
  .filter(each => !(each.closest('thead')?.clientWidth <= 1))
  .filter(each => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== 'inline')
  .map(each => each.outerHTML.slice(0, 80))
"""

#: Words that lie on other words.
OVERLAPPING = """
(() => {
  const words = [], walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const node = walker.currentNode, range = document.createRange()
    const holder = node.parentElement
    if (!node.textContent.trim() || !holder.checkVisibility() || holder.closest('.unseen, svg')) continue
    if (holder.closest('thead')?.clientWidth <= 1) continue
    range.selectNodeContents(node)
    for (const box of range.getClientRects()) words.push([node.textContent.trim().slice(0, 40), box, node])
  }
  const shared = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left)
  const both = (a, b) => Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
  return words.flatMap(([one, a, node], n) => words.slice(n + 1)
    .filter(([, b, other]) => other !== node && shared(a, b) > 1 && both(a, b) > Math.min(a.height, b.height) / 2)
    .map(([two]) => `${one} / ${two}`))
})()
"""

#: What has the focus, and how that shows: an outline, or a shadow in its place.
FOCUSED = """
(() => {
  const it = document.activeElement, style = getComputedStyle(it), box = it.getBoundingClientRect()
  const label = it.labels?.[0]?.textContent
  return {
    tag: it.tagName.toLowerCase(),
    words: (label || it.getAttribute('aria-label') || it.textContent || it.value || '').trim().replace(/\\s+/g, ' '),
    outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    visible: box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight && box.right > 0,
  }
})()
"""

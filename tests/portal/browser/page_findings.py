"""What is wrong with a page as a browser shows it: by axe, too wide, too small to press, cut, overlapping, hidden
focus. Each finds nothing on a good page."""

import json
from functools import cache
from typing import Any

import pytest

#: axe's rules for WCAG 2.2 A and AA, and its best practices.
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


@cache
def axe_script() -> str:
    """axe-core, as a Python package carries it."""
    base = pytest.importorskip("axe_playwright_python.base", reason="no axe: pip install '.[test]'")
    return str(base.AXE_SCRIPT)


def axe(page: Any, tags: tuple[str, ...] = TAGS) -> list[str]:
    """What axe-core finds on the page as it stands, `rule: element` each. The page needs JavaScript switched on; its
    own policy does not hinder us."""
    page.evaluate(axe_script())
    options = json.dumps({"resultTypes": ["violations"], "runOnly": tags})
    found = page.evaluate(f"axe.run({options}).then(it => it.violations)")
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


def too_wide(page: Any) -> int:
    """By how many pixels the page is wider than its window: somebody would have to scroll sideways."""
    return int(page.evaluate("Math.max(0, document.documentElement.scrollWidth - window.innerWidth)"))


def layout_findings(page: Any) -> dict[str, Any]:
    """All that `too_wide`, TOO_SMALL, CLIPPED and OVERLAPPING find, by name; empty on a good page."""
    found = {
        "too wide": too_wide(page),
        "too small": page.evaluate(TOO_SMALL),
        "clipped": page.evaluate(CLIPPED),
        "overlapping": page.evaluate(OVERLAPPING),
    }
    return {name: each for name, each in found.items() if each}


def focused(page: Any) -> dict[str, Any]:
    """What has the focus: its tag, its words, and whether it can be seen to have it."""
    told: dict[str, Any] = page.evaluate(FOCUSED)
    return told


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

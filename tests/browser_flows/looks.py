"""What can be measured of a page's looks: that it fits, that its text can be read, that its controls have names."""

from __future__ import annotations

from playwright.sync_api import Page

SIZES = {"wide": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
ROUND = (("wide", "light"), ("wide", "dark"), ("phone", "dark"), ("phone", "light"))
"""Every size in every theme, in the order that changes the theme least often: the whole page is painted anew then."""

TOO_WIDE = """
() => {
  const width = document.documentElement.clientWidth;
  const aside = (each) => each.closest("pre, [x-cloak]") || !each.checkVisibility({visibilityProperty: true});
  const says = (each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  const hides = (each) => getComputedStyle(each).overflowX === "hidden" && each.scrollWidth > each.clientWidth + 1;
  const cut = (each) => says(each) && hides(each)
    && !each.matches(".truncate, .ts-hidden, .ts-crumb, [class*=select2]");
  return [...document.querySelectorAll("body *")]
    .filter((each) => !aside(each) && (each.getBoundingClientRect().right > width + 1 || cut(each)))
    .map((each) => each.outerHTML.slice(0, 160)).slice(0, 5);
}
"""

# Chromium computes colours as oklch() or color(); a pixel of a canvas is plain red, green and blue.
FAINT = """
(least) => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const brush = canvas.getContext("2d", {willReadFrequently: true});
  const known = new Map();
  const rgba = (colour) => {
    if (!known.has(colour)) {
      brush.clearRect(0, 0, 1, 1);
      brush.fillStyle = colour;
      brush.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = brush.getImageData(0, 0, 1, 1).data;
      known.set(colour, [red, green, blue, alpha / 255]);
    }
    return known.get(colour);
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3]));
  const paper = matchMedia("(prefers-color-scheme: dark)").matches ? [0, 0, 0] : [255, 255, 255];
  const grounds = new Map();
  const ground = (each) => {
    if (!each) return paper;
    if (!grounds.has(each)) {
      grounds.set(each, over(rgba(getComputedStyle(each).backgroundColor), ground(each.parentElement)));
    }
    return grounds.get(each);
  };
  const light = (colour) => {
    const [red, green, blue] = colour.slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const says = (each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  const seen = (each) => each.checkVisibility({visibilityProperty: true, opacityProperty: true})
    && each.getClientRects().length
    && !each.closest(".material-symbols-outlined, [disabled], .ts-off, .ts-hidden, option, script, style, noscript");
  const faint = new Set();
  for (const each of document.querySelectorAll("body *")) {
    if (!says(each) || !seen(each)) continue;
    const back = ground(each);
    const found = contrast(over(rgba(getComputedStyle(each).color), back), back);
    if (found < least) faint.add(`${found.toFixed(1)}: ${each.textContent.trim().slice(0, 60)} <${each.className}>`);
  }
  for (const each of document.querySelectorAll("[placeholder]")) {
    if (!each.placeholder || !seen(each)) continue;
    const back = ground(each);
    const found = contrast(over(rgba(getComputedStyle(each, "::placeholder").color), back), back);
    if (found < least) faint.add(`${found.toFixed(1)}: placeholder ${each.placeholder} <${each.className}>`);
  }
  return [...faint].slice(0, 8);
}
"""
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3, for text of ordinary size

TORN = """
() => {
  const torn = [];
  const words = (node, word) => {
    const range = document.createRange();
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].length);
    return new Set([...range.getClientRects()].map((each) => each.top)).size;
  };
  for (const cell of document.querySelectorAll("thead th")) {
    const nodes = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (nodes.nextNode()) {
      for (const word of nodes.currentNode.data.matchAll(/[^\\s-]+/g)) {
        if (words(nodes.currentNode, word) > 1) torn.push(word[0]);
      }
    }
  }
  return torn;
}
"""

# Unfold takes the first cell of a row for its box, also where a list has none.
MISLABELLED = """
() => [...document.querySelectorAll('#result_list td[data-label="Select record"]:not(.action-checkbox)')]
  .filter((each) => {
    const {content, display} = getComputedStyle(each, "::before");
    return content.includes("Select") && display !== "none";
  })
  .map((each) => each.textContent.trim())
"""

CONTROLS = {
    *("button", "link", "textbox", "searchbox", "combobox", "checkbox", "radio", "spinbutton", "listbox", "switch"),
    *("menuitem", "tab", "DisclosureTriangle"),
}


def too_wide(page: Page) -> list[str]:
    found: list[str] = page.evaluate(TOO_WIDE)
    return found


def faint(page: Page) -> list[str]:
    found: list[str] = page.evaluate(FAINT, LEAST_CONTRAST)
    return found


def torn(page: Page) -> list[str]:
    """Words at the head of a column that stand on two lines."""
    found: list[str] = page.evaluate(TORN)
    return found


def mislabelled(page: Page) -> list[str]:
    found: list[str] = page.evaluate(MISLABELLED)
    return found


def nameless(page: Page) -> list[str]:
    """The controls for which a screen reader has no word, from the browser's own accessibility tree."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    bare = [
        node
        for node in nodes
        if not node["ignored"] and _role(node) in CONTROLS and not node.get("name", {}).get("value", "").strip()
    ]
    found = [_html(session, node) for node in bare]
    session.detach()
    return found


def _role(node: dict) -> str:
    return str(node.get("role", {}).get("value", ""))


def _html(session, node: dict) -> str:
    html = session.send("DOM.getOuterHTML", {"backendNodeId": node["backendDOMNodeId"]})["outerHTML"]
    return f"{_role(node)}: {' '.join(html.split())[:200]}"

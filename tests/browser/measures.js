// What is measured in a page, for tests/browser/measures.py. Each function returns short lines, none where all is well.
(() => {
  "use strict";

  const asideFrom = (element) => getComputedStyle(element).clipPath !== "none" || element.matches("svg, .skip");

  // Neither in a closed <details> nor set aside for screen readers alone.
  const isSeen = (element) => {
    if (!element.checkVisibility({ visibilityProperty: true })) return false;
    for (let each = element; each; each = each.parentElement) {
      if (asideFrom(each)) return false;
    }
    return true;
  };

  const named = (element) => {
    const [first] = String(element.className).split(" ");
    const place = element.id ? `#${element.id}` : first ? `.${first}` : "";
    return `${element.tagName.toLowerCase()}${place} “${(element.innerText ?? "").trim().slice(0, 40)}”`;
  };

  // The middle of each line of text that is seen, from top to bottom: tight lines may touch with their edges.
  const lines = () => {
    const found = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const element = texts.currentNode.parentElement;
      if (!texts.currentNode.data.trim() || !isSeen(element)) continue;
      const range = document.createRange();
      range.selectNodeContents(texts.currentNode);
      for (const { left, right, top, bottom, height } of range.getClientRects()) {
        found.push({ element, left, right, top: top + height * 0.3, bottom: bottom - height * 0.3 });
      }
    }
    return found.sort((one, other) => one.top - other.top);
  };

  const overlaps = () => {
    const found = [];
    const all = lines();
    all.forEach((one, place) => {
      for (let next = place + 1; next < all.length && all[next].top < one.bottom - 1; next += 1) {
        const other = all[next];
        if (Math.min(one.right, other.right) - Math.max(one.left, other.left) > 2) {
          found.push(`overlapping: ${named(one.element)} and ${named(other.element)}`);
        }
      }
    });
    return found;
  };

  const isCutOff = (element) => {
    const { overflowX, overflowY } = getComputedStyle(element);
    const hides = (overflow) => ["hidden", "clip"].includes(overflow) || element.matches(".btn, .chip, .tag, .pager a");
    return (hides(overflowX) && element.scrollWidth > element.clientWidth + 1)
      || (hides(overflowY) && element.scrollHeight > element.clientHeight + 1);
  };

  const misfits = () => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const wide = scrollWidth > clientWidth ? [`the page is ${scrollWidth} px wide`] : [];
    const cut = [...document.querySelectorAll("body *")].filter((element) => isCutOff(element) && isSeen(element));
    return [...wide, ...cut.map((element) => `cut off: ${named(element)}`), ...overlaps()];
  };

  // WCAG 2.5.8: 24 by 24 px, or in a line of text, or so far from the next that circles of 24 px do not meet it.
  const SIZE = 24;
  const isSmall = ({ box }) => box.width < SIZE || box.height < SIZE;
  const middle = ({ box }) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });

  const targets = () => [...document.querySelectorAll("a[href], button, input, select, summary")]
    .filter((element) => element.labels?.length || isSeen(element))
    .map((element) => {
      const covers = getComputedStyle(element, "::after").position === "absolute";
      const touched = covers ? element.closest(".row") : element.labels?.[0]?.contains(element) ? element.labels[0] : element;
      return { element, box: touched.getBoundingClientRect() };
    })
    .filter(({ box }) => box.width && box.height);

  const isInText = ({ element }) => {
    const block = element.parentElement.closest("p, li, dd, dt, td, th, caption, h1, h2, h3, h4");
    if (!block || getComputedStyle(element).display !== "inline") return false;
    const linked = [...block.querySelectorAll("a")].map((each) => each.textContent.trim().length);
    return block.textContent.trim().length > linked.reduce((sum, length) => sum + length, 0);
  };

  const isNear = (one, other) => {
    const { x, y } = middle(one);
    const { left, right, top, bottom } = other.box;
    const nearest = { x: Math.max(left, Math.min(x, right)), y: Math.max(top, Math.min(y, bottom)) };
    const centre = middle(other);
    return Math.hypot(x - nearest.x, y - nearest.y) < SIZE / 2
      || (isSmall(other) && Math.hypot(x - centre.x, y - centre.y) < SIZE);
  };

  const smallTargets = () => {
    const all = targets();
    const small = all.filter((one) => isSmall(one) && !isInText(one));
    return small.filter((one) => all.some((other) => other !== one && isNear(one, other)))
      .map(({ element, box }) => `${Math.round(box.width)} x ${Math.round(box.height)} px: ${named(element)}`);
  };

  // Where the focus is: what has it, how that is shown, whether it can be seen.
  const stops = () => [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")]
    .filter((element) => !element.disabled && element.checkVisibility({ visibilityProperty: true }));

  const isShown = (element) => {
    const shown = element.closest(".row:has(h3 a:focus-visible)") ?? element;
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(shown);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && !outlineColor.endsWith(", 0)");
  };

  // At least one corner, or the middle, is neither out of the window nor under something else.
  const isUncovered = (element) => {
    const whole = [element, ...(element.labels ?? [])];
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const points = [[left + 2, top + 2], [right - 2, top + 2], [left + 2, bottom - 2], [right - 2, bottom - 2],
      [(left + right) / 2, (top + bottom) / 2]];
    return points.some(([x, y]) => {
      const top = document.elementFromPoint(x, y);
      return top && whole.some((each) => each.contains(top) || top.contains(each) && top === element.closest(".row"));
    });
  };

  const focus = () => {
    const element = document.activeElement;
    return {
      stop: stops().indexOf(element),
      name: named(element),
      text: (element.labels?.[0] ?? element).innerText?.trim() ?? "",
      isShown: isShown(element),
      isUncovered: isUncovered(element),
    };
  };

  // What moves while a page loads, added up.
  const shift = () => new Promise((say) => {
    new PerformanceObserver((list) => say(list.getEntries().reduce((sum, each) => sum + each.value, 0)))
      .observe({ type: "layout-shift", buffered: true });
    setTimeout(() => say(0), 100);
  });

  window.measures = { misfits, smallTargets, countStops: () => stops().length, focus, shift };
})();

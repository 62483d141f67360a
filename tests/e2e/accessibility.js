// What keeps a page from being read by everybody, found in the page itself: names, contrast, headings, language.
() => {
  const problems = [];
  const shown = (element) => {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    return box.width > 1 && box.height > 1 && style.visibility === "visible" && style.display !== "none"
      && !element.closest("[aria-hidden=true]") && effectiveOpacity(element) > 0.05;
  };
  const effectiveOpacity = (element) => {
    let opacity = 1;
    for (let each = element; each; each = each.parentElement) opacity *= parseFloat(getComputedStyle(each).opacity);
    return opacity;
  };
  // Streamlit shows the ends of a slider only while the pointer is on it.
  const inert = (element) => element.closest("[data-testid^=stSliderTickBar], .stSlider") || element.closest("[disabled], [aria-disabled=true], fieldset:disabled");
  const told = (element) => `${element.tagName.toLowerCase()} "${(element.textContent || "").trim().slice(0, 40)}" ${element.getAttribute("data-testid") || element.getAttribute("class") || ""}`.slice(0, 140);

  if (!document.documentElement.lang) problems.push("the page states no language");

  // Headings go down one level at a time, starting with the first.
  let level = 0;
  for (const heading of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    if (!shown(heading)) continue;
    const next = Number(heading.tagName[1]);
    if (next > level + 1) problems.push(`heading jumps from ${level} to ${next}: ${told(heading)}`);
    level = next;
  }

  // Everything that can be operated, and every picture, has a name.
  const words = (ids) => (ids || "").split(/\s+/).map((id) => document.getElementById(id)?.textContent || "").join("");
  const named = (element) => [
    element.getAttribute("aria-label"), words(element.getAttribute("aria-labelledby")), element.textContent,
    element.title, element.alt, ...[...(element.labels || [])].map((label) => label.textContent || label.getAttribute("aria-label")),
    element.querySelector?.("[aria-label], title")?.getAttribute("aria-label"),
  ].some((name) => (name || "").trim());
  const operated = "button, a[href], input:not([type=hidden]), select, textarea, img, [role=button], [role=img], [role=checkbox], [role=combobox]";
  for (const element of document.querySelectorAll(operated)) {
    const file = element.type === "file";
    if ((shown(element) || file) && !named(element)) problems.push(`no name: ${told(element)}`);
  }

  // Text stands out from what is behind it: 4.5 to 1, large text 3 to 1.
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const colour = (text) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = text;
    pen.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (front, back) => {
    const [alpha] = [front[3]];
    return [0, 1, 2].map((part) => front[part] * alpha + back[part] * (1 - alpha)).concat(1);
  };
  const behind = (element) => {
    const layers = [];
    for (let each = element; each; each = each.parentElement || each.getRootNode().host) {
      const style = getComputedStyle(each);
      if (style.backgroundImage !== "none") return null;
      const back = colour(style.backgroundColor);
      if (back[3] > 0) layers.push(back);
      if (back[3] === 1) break;
    }
    return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255, 1]);
  };
  const luminance = (rgb) => {
    const [red, green, blue] = rgb.slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || seen.has(element)) continue;
    seen.add(element);
    if (["SCRIPT", "STYLE", "NOSCRIPT", "TITLE"].includes(element.tagName) || !shown(element) || inert(element)) continue;
    const style = getComputedStyle(element);
    const drawn = element instanceof SVGElement;
    const back = behind(element);
    if (!back) continue;
    const front = colour(drawn ? style.fill : style.color);
    front[3] *= effectiveOpacity(element) * (drawn ? parseFloat(style.fillOpacity) : 1);
    const size = parseFloat(style.fontSize), bold = Number(style.fontWeight) >= 700;
    const needed = size >= 24 || (bold && size >= 18.66) ? 3 : 4.5;
    const found = contrast(over(front, back), back);
    if (found < needed) problems.push(`contrast ${found.toFixed(2)}: ${told(element)}`);
  }
  return [...new Set(problems)];
}

const adopted = new Set<string>();

/**
 * Styles that come with a lazily loaded chunk. Adopted by the document, not put into <head>: navigation replaces the
 * head and would take them away from a terminal that lives on.
 */
export function adoptStyles(name: string, css: string): void {
  if (adopted.has(name)) return;
  adopted.add(name);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets.push(sheet);
}

/** Small choices a visitor made, kept in this browser. A browser that refuses storage only forgets them. */
export function readPreference(name: string): string | null {
  try {
    return localStorage.getItem(`drydock.${name}`);
  } catch {
    return null;
  }
}

export function writePreference(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`drydock.${name}`);
    else localStorage.setItem(`drydock.${name}`, value);
  } catch {
    // Private windows may refuse; the choice then lasts as long as the page.
  }
}

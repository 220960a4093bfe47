/** The lines of a terminal that are nothing but a number. */
export function numberLines(text: string): number[] {
  return (text.match(/^\d+(?=\r?$)/gm) ?? []).map(Number);
}

/** 1 to so many. */
export function consecutive(length: number): number[] {
  return Array.from({ length }, (_, index) => index + 1);
}

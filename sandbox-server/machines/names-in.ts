/** Whatever in a text could be a machine's name. */
export const namesIn = (text: string): ReadonlySet<string> => new Set(text.match(/[a-z0-9-]+/g));

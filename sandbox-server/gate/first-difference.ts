const SHOWN = 120;

/** Where two JSON values part, as a sentence; `undefined` when they are the same. */
export function firstDifference(asked: unknown, wanted: unknown, path = ''): string | undefined {
  if (Object.is(asked, wanted)) return undefined;
  if (!isComposite(asked) || !isComposite(wanted) || Array.isArray(asked) !== Array.isArray(wanted)) {
    return `${path || 'it'} is ${describe(asked)}, and with Drydock's driver ${describe(wanted)}`;
  }
  // Own properties only: JSON may have one called __proto__.
  for (const name of new Set([...Object.keys(asked), ...Object.keys(wanted)])) {
    const at = path === '' ? name : `${path}.${name}`;
    const difference = firstDifference(own(asked, name), own(wanted, name), at);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

type Composite = Readonly<Record<string, unknown>>;

const isComposite = (value: unknown): value is Composite => typeof value === 'object' && value !== null;

const own = (value: Composite, name: string): unknown => (Object.hasOwn(value, name) ? value[name] : undefined);

function describe(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

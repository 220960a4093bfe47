/**
 * One turn of the event loop for one of those who have much to do, in the order they asked: however many screens are
 * being brought up to date, keys and frames wait behind one slice of it at most.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(serve);
  });
}

const waiting: (() => void)[] = [];

function serve(): void {
  const next = waiting.shift();
  next?.();
  if (waiting.length > 0) setImmediate(serve);
}

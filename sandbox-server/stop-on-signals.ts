const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** As a shell counts it: 128 and the number of SIGINT. */
const INTERRUPTED_STATUS = 130;

/** Resolves at the first signal to stop. The second one does not wait for anything any more. */
export function stopOnSignals(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let isStopping = false;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (isStopping) process.exit(INTERRUPTED_STATUS);
      isStopping = true;
      resolve(signal);
    });
  }
  return promise;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** As a shell counts it: 128 and the number of SIGINT. */
export const INTERRUPTED_STATUS = 130;

/** A signal to stop, as an AbortSignal, until it is disposed of and others may listen. */
export function listenForInterruption(): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const interrupt = () => controller.abort(new Error('interrupted'));
  for (const name of SIGNALS) process.once(name, interrupt);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const name of SIGNALS) process.removeListener(name, interrupt);
    },
  };
}

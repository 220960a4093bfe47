/** One figure that an operator can look at. docs/operating.md lists them all; a test compares. */
export interface Figure {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /**
   * Every label has few values, fixed by the code or by the labs: never who a learner is, nor which attempt, sandbox or
   * address it was. Those are in the log.
   */
  readonly labels: readonly string[];
  /** Upper bounds of a histogram, in its unit. */
  readonly buckets?: readonly number[];
}

/** From a fork with hardware virtualization to thirty at once under emulation. */
const START_SECONDS = [0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 6, 12, 30, 60];
/** From one short step to all of a long lab's, under emulation with others at work. */
const BAKE_SECONDS = [2, 5, 10, 20, 40, 80, 160, 320, 640];
const WAIT_SECONDS = [0.1, 1, 5, 15, 60, 300, 900, 3600];
/** A key's way: 2 ms is good, 50 ms is felt, 1 s is a complaint. */
const ECHO_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
const CHECK_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];

/** Names end in their unit, counters in `_total`: https://prometheus.io/docs/practices/naming/ */
export const FIGURES = {
  drydock_sandboxes: {
    type: 'gauge',
    help: 'Attempts by lab and where they stand: queued, starting or running.',
    labels: ['lab', 'phase'],
  },
  drydock_memory_short: {
    type: 'gauge',
    help: 'Whether (1) less memory is left than the reserve, so that nothing is admitted or forked ahead.',
    labels: [],
  },
  drydock_pool_ready: { type: 'gauge', help: 'Sandboxes forked ahead that nobody has yet.', labels: [] },
  drydock_pool_total: {
    type: 'counter',
    help: 'What became of sandboxes forked ahead: used, given-up for want of room or demand, or failed to start.',
    labels: ['outcome'],
  },
  drydock_sandboxes_paused: {
    type: 'gauge',
    help: 'Sandboxes that nobody looks at and in which nothing works: their machines are paused.',
    labels: [],
  },
  drydock_sandboxes_admitted: {
    type: 'gauge',
    help: 'Places taken, those of sandboxes that just end included.',
    labels: [],
  },
  drydock_sandboxes_limit: { type: 'gauge', help: 'Places there are.', labels: [] },
  drydock_queue_length: { type: 'gauge', help: 'Learners who wait for a place.', labels: [] },
  drydock_queue_wait_seconds: {
    type: 'histogram',
    help: 'Time from asking for a sandbox to getting a place.',
    labels: [],
    buckets: WAIT_SECONDS,
  },
  drydock_queue_left_total: { type: 'counter', help: 'Learners who went away before it was their turn.', labels: [] },
  drydock_starts_total: {
    type: 'counter',
    help: 'Sandboxes that were to start, by outcome: started, failed, or given-up because it was not wanted any more.',
    labels: ['lab', 'outcome'],
  },
  drydock_start_seconds: {
    type: 'histogram',
    help: 'Time from getting a place to a running sandbox, by where its machines come from: pool or fork.',
    labels: ['lab', 'from'],
    buckets: START_SECONDS,
  },
  drydock_start_part_seconds: {
    type: 'histogram',
    help: 'Where the time of a start went: templates, launch of QEMU, restore of its state, wake of the guest.',
    labels: ['part'],
    buckets: START_SECONDS,
  },
  drydock_checkpoints_total: {
    type: 'counter',
    help: 'Machines at a later step that were to be prepared, by outcome: made, failed, or refused for want of room.',
    labels: ['lab', 'outcome'],
  },
  drydock_checkpoint_seconds: {
    type: 'histogram',
    help: 'How long preparing one took.',
    labels: ['lab'],
    buckets: BAKE_SECONDS,
  },
  drydock_forks_in_flight: { type: 'gauge', help: 'Machines being started now.', labels: [] },
  drydock_adoptions_total: {
    type: 'counter',
    help: 'Sandboxes that an earlier server left, by outcome: adopted or failed.',
    labels: ['lab', 'outcome'],
  },
  drydock_resets_total: { type: 'counter', help: 'Sandboxes that learners swapped for a fresh one.', labels: ['lab'] },
  drydock_sandbox_ends_total: {
    type: 'counter',
    help: 'Sandboxes that ended, by reason: one of those in docs/protocol.md, or reset, or server-stopped.',
    labels: ['lab', 'reason'],
  },
  drydock_machine_ends_total: {
    type: 'counter',
    help: 'Machines that ended by themselves: crashed or frozen.',
    labels: ['lab', 'cause'],
  },
  drydock_steps_earned_total: { type: 'counter', help: 'Steps that learners finished.', labels: ['lab', 'step'] },
  drydock_check_seconds: {
    type: 'histogram',
    help: 'Checks and verdicts by outcome: passed, failed or errored (ours to fix).',
    labels: ['lab', 'outcome'],
    buckets: CHECK_SECONDS,
  },
  drydock_survey_seconds: {
    type: 'histogram',
    help: 'Looks at one machine for the map of its sandbox.',
    labels: ['lab'],
    buckets: CHECK_SECONDS,
  },
  drydock_connections: { type: 'gauge', help: 'WebSockets open.', labels: [] },
  drydock_sessions_total: {
    type: 'counter',
    help: 'Pages that said who they are: fresh ones, and those that return after a cut or a server restart.',
    labels: ['kind'],
  },
  drydock_connection_ends_total: {
    type: 'counter',
    help: 'WebSockets that ended, by the reason in docs/protocol.md; gone: the page or the network ended it.',
    labels: ['reason'],
  },
  drydock_refusals_total: {
    type: 'counter',
    help: 'What was refused, where (http, upgrade, page), by the code in docs/errors.md; of an upgrade its HTTP status.',
    labels: ['where', 'code'],
  },
  drydock_input_bytes_total: { type: 'counter', help: 'Bytes that learners typed.', labels: [] },
  drydock_output_bytes_total: { type: 'counter', help: 'Bytes of output sent to pages.', labels: [] },
  drydock_echo_seconds: {
    type: 'histogram',
    help: 'Time from input coming in to the next output of that terminal going out, as the server sees it.',
    labels: [],
    buckets: ECHO_SECONDS,
  },
  drydock_store_write_failures_total: {
    type: 'counter',
    help: 'Progress that could not be written: is the disk full?',
    labels: [],
  },
  drydock_event_loop_delay_seconds: {
    type: 'gauge',
    help: 'How late the server came to its work in the last full 10 seconds: quantile 0.5, 0.99 and 1.',
    labels: ['quantile'],
  },
  drydock_process_memory_bytes: {
    type: 'gauge',
    help: "The server's own memory, without machines: rss, heap, buffers.",
    labels: ['kind'],
  },
  drydock_process_cpu_seconds_total: { type: 'counter', help: "The server's own processor time.", labels: [] },
  drydock_process_open_files: { type: 'gauge', help: 'File descriptors that the server holds.', labels: [] },
  drydock_host_memory_available_bytes: {
    type: 'gauge',
    help: 'What the host could still give to machines without swapping.',
    labels: [],
  },
} as const satisfies Record<string, Figure>;

export type FigureName = keyof typeof FIGURES;

type NamesOf<T extends Figure['type']> = {
  [N in FigureName]: (typeof FIGURES)[N]['type'] extends T ? N : never;
}[FigureName];
export type CounterName = NamesOf<'counter'>;
export type GaugeName = NamesOf<'gauge'>;
export type HistogramName = NamesOf<'histogram'>;

export type Labels<N extends FigureName> = Readonly<Record<(typeof FIGURES)[N]['labels'][number], string>>;

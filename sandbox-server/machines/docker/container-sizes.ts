/** What containers get that are no machines. */
export const HELPER_MEMORY_MIB = 256;
export const PROBE_MEMORY_MIB = 256;
/** A machine being prepared, or what brings its files, may write as much as a disk holds. */
export const UNBOUNDED_FILE_BYTES = 2 ** 40;

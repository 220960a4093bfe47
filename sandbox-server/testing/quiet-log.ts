import { makeLog } from '../log.ts';

export const QUIET_LOG = makeLog({ logLevel: 'silent' });

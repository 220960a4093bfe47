import { DrydockError, type OperatorErrorCode } from '../../../errors.ts';
import { showAddress } from './engine-address.ts';
import type { FoundEngine } from './find-engine.ts';

interface Explanation {
  readonly code: OperatorErrorCode;
  /** What is wrong, and what to do; completes "The Docker Engine at … (DOCKER_HOST) …". */
  readonly text: string;
}

/** What went wrong between here and an engine, as what to do about it. */
export function explainEngineError(cause: unknown, { address, source }: FoundEngine): DrydockError {
  const { code, text } = explain(cause, address.kind === 'tcp' && address.tls === null);
  return new DrydockError(code, `The Docker Engine at ${showAddress(address)} (${source}) ${text}`, { cause });
}

function explain(cause: unknown, inPlainText: boolean): Explanation {
  const { code = '', message = '' } = cause as { code?: string; message?: string };
  if (code === 'EACCES' || code === 'EPERM') {
    const text =
      'refuses you: you may not open its socket. Whoever may is root on that computer; for a test, run as root or use a rootless engine.';
    return { code: 'engine-forbidden', text };
  }
  if (/HTTP request to an HTTPS server/.test(message) || (inPlainText && code === 'ECONNRESET')) {
    return refused(
      'wants TLS. Set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to the folder with ca.pem, cert.pem and key.pem.',
    );
  }
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG/.test(code) || /wrong version number/.test(message)) {
    return refused('does not speak TLS on that port. Never open it without; use its TLS port (2376), or ssh://.');
  }
  if (/ALERT|^ECONNRESET$|^EPROTO$/.test(code) || /alert/i.test(message)) {
    return refused(
      'refuses your certificate. cert.pem and key.pem must be signed by the authority in its --tlscacert, for client use, and not have expired.',
    );
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return refused(
      'has a certificate for another name. Use a name or address that stands in it, or give it one that names this.',
    );
  }
  if (/CERT|SIGNATURE|SELF_SIGNED|ISSUER|ERR_OSSL|ERR_SSL/.test(code)) {
    return refused(
      `has no certificate that ca.pem vouches for (${code}). Set DOCKER_CERT_PATH to the folder with the ca.pem of that engine.`,
    );
  }
  const why = message || code || 'no reason given';
  return {
    code: 'engine-unreachable',
    text: `cannot be reached: ${why}. Is it running? Try the same with "docker version"; DOCKER_HOST or a context says where it is.`,
  };
}

const refused = (text: string): Explanation => ({ code: 'engine-refused', text });

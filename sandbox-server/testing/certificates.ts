import { execFile } from 'node:child_process';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const openssl = (...args: string[]) => promisify(execFile)('openssl', args);

/** Makes certificates for a test, as lesson 3 does: an authority, and what it signs. */
export class TestAuthority {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async make(folder: string): Promise<TestAuthority> {
    await mkdir(folder, { recursive: true });
    const files = ['-keyout', join(folder, 'ca-key.pem'), '-out', join(folder, 'ca.pem')];
    await openssl('req', '-x509', ...NEW_KEY, '-days', '2', '-subj', '/CN=test authority', ...files);
    return new TestAuthority(folder);
  }

  /** A folder with ca.pem, cert.pem and key.pem, as DOCKER_CERT_PATH has them. */
  async issue(folder: string, name: string, use: 'clientAuth' | 'serverAuth'): Promise<string> {
    await mkdir(folder, { recursive: true });
    const [request, extensions] = ['request.pem', 'extensions'].map((file) => join(folder, file)) as [string, string];
    await openssl('req', ...NEW_KEY, '-subj', `/CN=${name}`, '-keyout', join(folder, 'key.pem'), '-out', request);
    await writeFile(extensions, `extendedKeyUsage=${use}\nsubjectAltName=DNS:${name},IP:127.0.0.1\n`);
    const authority = [
      '-CA',
      join(this.#folder, 'ca.pem'),
      '-CAkey',
      join(this.#folder, 'ca-key.pem'),
      '-CAcreateserial',
    ];
    const signed = ['-days', '2', '-extfile', extensions, '-out', join(folder, 'cert.pem')];
    await openssl('x509', '-req', '-in', request, ...authority, ...signed);
    await copyFile(join(this.#folder, 'ca.pem'), join(folder, 'ca.pem'));
    return folder;
  }
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

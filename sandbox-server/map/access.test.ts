import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { admission } from './access.ts';
import type { FileFact } from './facts.ts';

const SOCKET: FileFact = { uid: 0, gid: 103, mode: 0o660, acl: '', folders: [] };
const member = { uid: 1000, gids: [1000, 103] };
const stranger = { uid: 1001, gids: [1001] };

/** `setfacl -m u:1001:rw` of a socket of mode 660, as the kernel keeps it. */
const LISTED = list([1, 6], [2, 6, 1001], [4, 6], [16, 6], [32, 0]);

function list(...entries: readonly (readonly [tag: number, bits: number, id?: number])[]): string {
  const bytes = Buffer.alloc(4 + 8 * entries.length);
  bytes.writeUInt32LE(2, 0);
  for (const [index, [tag, bits, id = 0xffffffff]] of entries.entries()) {
    bytes.writeUInt16LE(tag, 4 + 8 * index);
    bytes.writeUInt16LE(bits, 6 + 8 * index);
    bytes.writeUInt32LE(id, 8 + 8 * index);
  }
  return bytes.toString('hex');
}

describe('admission', () => {
  it('lets the group in, and no stranger', () => {
    assert.equal(admission(member, SOCKET), 'group');
    assert.equal(admission(stranger, SOCKET), undefined);
  });

  it('lets everybody in where others may write, and none of the group where it may not', () => {
    assert.equal(admission(stranger, { ...SOCKET, mode: 0o666 }), 'everybody');
    assert.equal(admission(member, { ...SOCKET, mode: 0o606 }), undefined);
    assert.equal(admission(member, { ...SOCKET, mode: 0o600 }), undefined);
  });

  it('lets in whoever owns it, by the first digit alone', () => {
    assert.equal(admission(member, { ...SOCKET, uid: 1000, mode: 0o600 }), 'owner');
    assert.equal(admission(member, { ...SOCKET, uid: 1000, mode: 0o066 }), undefined);
  });

  it('follows an access list and its mask', () => {
    assert.equal(admission(stranger, { ...SOCKET, acl: LISTED }), 'listed');
    assert.equal(admission({ uid: 1002, gids: [1002] }, { ...SOCKET, acl: LISTED }), undefined);
    assert.equal(admission(member, { ...SOCKET, acl: LISTED }), 'group');
    const masked = list([1, 6], [2, 6, 1001], [4, 6], [16, 4], [32, 0]);
    assert.equal(admission(stranger, { ...SOCKET, acl: masked }), undefined);
    assert.equal(admission(member, { ...SOCKET, acl: masked }), undefined);
    const groups = list([1, 6], [4, 0], [8, 6, 1001], [16, 6], [32, 0]);
    assert.equal(admission(stranger, { ...SOCKET, acl: groups }), 'listed');
  });

  it('is worth nothing behind a folder that does not let one through', () => {
    const folders = [{ uid: 1000, gid: 1000, mode: 0o700 }];
    const open = { ...SOCKET, mode: 0o666, folders };
    assert.equal(admission(stranger, open), undefined);
    assert.equal(admission({ uid: 1000, gids: [1000] }, open), 'everybody');
  });
});

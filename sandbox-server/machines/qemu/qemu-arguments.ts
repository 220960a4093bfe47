import { MAX_TERMINALS } from '../../../labs/format/lab-schema.ts';
import type { Accelerator } from './accelerators.ts';

/** Paths are those inside the jail. */
export interface QemuSpec {
  readonly accelerator: Accelerator;
  readonly memoryMib: number;
  readonly memoryPath: string;
  /**
   * `private`: copy-on-write over a read-only file, which no write ever reaches. `shared`: the file is the memory,
   * as a machine needs that will be frozen.
   */
  readonly memoryMode: 'private' | 'shared';
  /** From the bottom up; only the last is written. */
  readonly disks: readonly { readonly path: string; readonly format: 'raw' | 'qcow2' }[];
  /** `boot`: as the image has it. `header`: enough of it to lay out the same machine, for a guest that is past it. */
  readonly kernel: 'boot' | 'header';
  /** Folder of the image. */
  readonly imageFolder: string;
  /** Folder of the sockets. */
  readonly socketFolder: string;
  /** File descriptor, already connected, that QEMU speaks QMP on first. */
  readonly qmpFd: number;
  /** Start from device state that is loaded later, instead of booting. */
  readonly incoming: boolean;
  /** Null: it has none, nor anything else of a network. */
  readonly card: CardSpec | null;
}

/** A network card. */
export interface CardSpec {
  readonly mac: string;
  /** File descriptor, a socket, that is its cable. Null: nothing is plugged in. */
  readonly cableFd: number | null;
  /** The socket listens, and the other machine will connect to it; otherwise it is connected. */
  readonly listens?: boolean;
}

/** Files of an image that QEMU reads itself. */
export const KERNEL_FILE = 'vmlinuz';
export const KERNEL_HEADER_FILE = 'vmlinuz-header';
export const INITRD_FILE = 'initrd';

/** How many terminals a machine can have; each is a port that exists from its first boot on. */
export const TERMINAL_PORTS = MAX_TERMINALS;

/** As QEMU names it in events. */
export const CONTROL_PORT = 'port-control';
export const CONTROL_SOCKET = 'control.sock';
export const QMP_SOCKET = 'qmp.sock';
export const terminalSocket = (port: number): string => `terminal-${port}.sock`;

/**
 * The command line is part of a template's identity. No network card in a machine that is alone, no USB, no graphics, no
 * disk controller but the one used: what is not there cannot be attacked.
 */
export function qemuArguments(spec: QemuSpec): string[] {
  return [
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-S'],
    ...['-machine', 'q35,memory-backend=memory,vmport=off,smbus=off,sata=off,usb=off,hpet=off,graphics=off'],
    ...['-accel', spec.accelerator.accel, '-cpu', spec.accelerator.cpu, '-smp', '1', '-m', `${spec.memoryMib}M`],
    ...['-object', memory(spec)],
    ...kernel(spec),
    ...['-rtc', 'base=utc', '-device', 'vmgenid,guid=auto'],
    ...disks(spec),
    ...serialPorts(spec),
    ...(spec.card ? cardArguments(spec.card) : []),
    ...['-chardev', `socket,id=qmp-first,fd=${spec.qmpFd}`],
    ...['-mon', 'chardev=qmp-first,mode=control'],
    ...['-chardev', `socket,id=qmp,path=${spec.socketFolder}/${QMP_SOCKET},server=on,wait=off`],
    ...['-mon', 'chardev=qmp,mode=control'],
    ...['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'],
    ...(spec.incoming ? ['-incoming', 'defer'] : []),
  ];
}

/**
 * At a place of its own on the bus, so that the other devices stay where a guest knows them that was frozen without it.
 * Without a control queue, queues per processor and the interface of old guests there is less to attack.
 */
export function cardArguments({ mac, cableFd, listens = false }: CardSpec): string[] {
  const device = `virtio-net-pci,id=card,addr=0x10,mac=${mac},romfile=,${PLAIN}`;
  if (cableFd === null) return ['-device', device];
  const cable = `stream,id=cable,server=${listens ? 'on' : 'off'},addr.type=fd,addr.str=${cableFd}`;
  return ['-netdev', cable, '-device', `${device},netdev=cable`];
}

/** What needs the control queue goes with it: Linux refuses a card that offers one without the other. */
const PLAIN =
  'disable-legacy=on,ctrl_vq=off,ctrl_rx=off,ctrl_rx_extra=off,ctrl_vlan=off,ctrl_mac_addr=off,ctrl_guest_offloads=off,guest_announce=off';

/** quiet: a serial console that nobody reads costs time. */
export const commandLine = ({ kernelArguments }: Accelerator): string =>
  `root=/dev/vda rw quiet systemd.show_status=0 panic=-1 ${kernelArguments}`;

/** Without its kernel a machine cannot boot again: a restart ends it, and the learner is offered a fresh one. */
function kernel({ kernel, imageFolder, accelerator }: QemuSpec): string[] {
  if (kernel === 'header') return ['-kernel', `${imageFolder}/${KERNEL_HEADER_FILE}`, '-no-reboot'];
  return [
    '-kernel',
    `${imageFolder}/${KERNEL_FILE}`,
    '-initrd',
    `${imageFolder}/${INITRD_FILE}`,
    '-append',
    commandLine(accelerator),
  ];
}

function memory({ memoryMib, memoryPath, memoryMode }: QemuSpec): string {
  const sharing = memoryMode === 'private' ? 'share=off,readonly=on,rom=off' : 'share=on';
  return `memory-backend-file,id=memory,size=${memoryMib}M,mem-path=${memoryPath},${sharing}`;
}

function disks({ disks }: QemuSpec): string[] {
  const top = disks.length - 1;
  const nodes = disks.flatMap(({ path, format }, index) => {
    const readOnly = index !== top;
    const cache = { direct: false, 'no-flush': true };
    return [
      { driver: 'file', 'node-name': `file${index}`, filename: path, 'read-only': readOnly, cache, discard: 'unmap' },
      {
        driver: format,
        'node-name': `disk${index}`,
        file: `file${index}`,
        'read-only': readOnly,
        cache,
        discard: 'unmap',
        ...(index > 0 ? { backing: `disk${index - 1}` } : {}),
      },
    ];
  });
  return [
    ...nodes.flatMap((node) => ['-blockdev', JSON.stringify(node)]),
    // report: a full host disk is an I/O error in the guest, not a machine that stops without a word.
    ...['-device', `virtio-blk-pci,drive=disk${top},werror=report,rerror=report`],
  ];
}

function serialPorts({ socketFolder }: QemuSpec): string[] {
  const ports = [
    { id: 'control', name: 'drydock.control', socket: CONTROL_SOCKET },
    ...Array.from({ length: TERMINAL_PORTS }, (_, port) => ({
      id: `terminal${port}`,
      name: `drydock.terminal.${port}`,
      socket: terminalSocket(port),
    })),
  ];
  return [
    ...['-device', `virtio-serial-pci,id=serial,max_ports=${ports.length + 1}`],
    ...ports.flatMap(({ id, name, socket }, index) => [
      ...['-chardev', `socket,id=${id},path=${socketFolder}/${socket},server=on,wait=off`],
      ...['-device', `virtserialport,id=port-${id},bus=serial.0,nr=${index + 1},chardev=${id},name=${name}`],
    ]),
  ];
}

/** Everything that differs between hardware and software virtualization, in one place. */

export type AcceleratorName = 'kvm' | 'tcg';

export interface Accelerator {
  readonly name: AcceleratorName;
  readonly accel: string;
  /** Part of a template's identity: a guest restored on another CPU model crashes. No nested virtualization. */
  readonly cpu: string;
  /** Added to the guest's kernel command line. */
  readonly kernelArguments: string;
  /** Device nodes the jail must pass through. */
  readonly devices: readonly string[];
  /** Type of the ioctl requests that those devices take; null where there are none. */
  readonly ioctlType: number | null;
  /**
   * Address space that QEMU may take besides the guest's memory, in MiB: translated code, and 1 GiB for libraries, heap
   * and stacks. Measured 200 beside the code; 64 disk workers would add 8 each.
   */
  readonly ownAddressSpaceMib: number;
}

/** Bounds the translated code a machine keeps, in MiB. */
const TRANSLATION_MIB = 256;

export const ACCELERATORS: Readonly<Record<AcceleratorName, Accelerator>> = {
  // Never tried on real hardware yet.
  kvm: {
    name: 'kvm',
    accel: 'kvm',
    cpu: 'host,vmx=off,svm=off,migratable=on',
    kernelArguments: '',
    devices: ['/dev/kvm'],
    ioctlType: 0xae,
    ownAddressSpaceMib: 1024,
  },
  // tb-size (1 GiB by default) takes only what it needs. A
  // `docker run` translates about 230: with 64 it takes three times as long (docs/performance.md). la57: a fifth page
  // table level costs every emulated page walk a step.
  // An emulated processor has no speculation to guard against, and zeroing pages twice costs it dearly. tsc=reliable: a
  // kernel that is held up while it boots takes its processor's clock for a bad one, for ever, and programs then ask an
  // emulated chip for the time, through the kernel.
  tcg: {
    name: 'tcg',
    accel: `tcg,thread=multi,tb-size=${TRANSLATION_MIB}`,
    cpu: 'max,svm=off,la57=off',
    kernelArguments: 'mitigations=off init_on_alloc=0 tsc=reliable',
    devices: [],
    ioctlType: null,
    ownAddressSpaceMib: TRANSLATION_MIB + 1024,
  },
};

import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { LAYERS } from './layers.ts';

export interface SourceFile {
  /** Relative to the project, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** `import … from 'x'`, `export … from 'x'`, `import 'x'`, `import('x')`: in TypeScript, JavaScript, Astro and MDX. */
const IMPORT =
  /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;

export function findImports(text: string): string[] {
  return [...text.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

/** One sentence per import that goes the wrong way. */
export function findViolations(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) => findImports(text).flatMap((specifier) => judge(path, specifier)));
}

function judge(path: string, specifier: string): string[] {
  const layer = layerOf(path);
  if (layer === undefined) return [`${path} belongs to no layer of tests/architecture/layers.ts.`];
  if (isBuiltin(specifier)) {
    return layer.node === false ? [`${path} (${layer.name}) runs in browsers and may not import ${specifier}.`] : [];
  }
  if (!specifier.startsWith('.')) {
    return isPackageForbidden(layer.name) ? [`${path} runs before npm packages are there: no ${specifier}.`] : [];
  }
  const target = posix.join(posix.dirname(path), specifier);
  const targetLayer = layerOf(target);
  if (targetLayer === layer || (targetLayer && layer.mayImport.includes(targetLayer.name))) return [];
  return [`${path} (${layer.name}) may not import ${target} (${targetLayer?.name ?? 'no layer'}).`];
}

function layerOf(path: string) {
  return LAYERS.find(({ paths }) => paths.some((start) => path.startsWith(start)));
}

function isPackageForbidden(layer: string): boolean {
  return layer === 'preflight' || layer === 'progress';
}

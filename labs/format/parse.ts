import * as z from 'zod';
import { type Described, describeIssue } from './issue.ts';
import { LabFormatError } from './problem.ts';
import { type Path, YamlSource } from './source.ts';

export interface Parsed<T> {
  readonly value: T;
  readonly source: YamlSource;
}

/** The one door through which YAML that a person wrote comes in. Throws LabFormatError with all problems at once. */
export function parseWithFriendlyErrors<S extends z.ZodType>(
  schema: S,
  { file, text }: { file: string; text: string },
): Parsed<z.output<S>> {
  const source = new YamlSource(file, text);
  const syntax = source.syntaxProblems();
  if (syntax.length > 0) throw new LabFormatError(syntax);
  const input: unknown = source.document.toJS();
  const result = schema.safeParse(input);
  if (result.success) return { value: result.data, source };
  const shape = z.toJSONSchema(schema, { io: 'input' });
  const root = file.endsWith('image.yaml') ? 'image' : 'lab';
  const described = result.error.issues.flatMap((issue) => describeIssue(issue, { shape, input, root }));
  const problems = withoutMisspelt(described).map(({ path, meant: _meant, ...told }) => source.problem(path, told));
  throw new LabFormatError(problems.sort((a, b) => a.line - b.line || a.column - b.column));
}

/** A field that is there under another name is not missing as well. */
function withoutMisspelt(described: readonly Described[]): Described[] {
  const parent = (path: Path) => JSON.stringify(path.slice(0, -1));
  const isThere = ({ isMissing, path }: Described) =>
    isMissing === true && described.some((one) => one.meant === path.at(-1) && parent(one.path) === parent(path));
  return described.filter((one) => !isThere(one));
}

import type { Locale } from '../../protocol/text.ts';
import { loadReferences, type Reference } from './load-references.ts';

export interface ReferenceRoute {
  readonly params: { readonly page: string };
  readonly props: { readonly reference: Reference };
}

export async function referenceRoutes(locale: Locale): Promise<ReferenceRoute[]> {
  const references = await loadReferences(locale);
  return references.map((reference) => ({ params: { page: reference.id }, props: { reference } }));
}

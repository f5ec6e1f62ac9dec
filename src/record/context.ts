// What a rendering is told beside the record: where it can be looked up, and since when. Without a base URL no link is written anywhere, never a host name.

export type RenderContext = {
  /** address under which harvesters reach this service or its published copy, without slash at the end */
  baseUrl?: string;
  /** UTC: since when the record is public */
  publishedAt?: string;
};

/** `id`: of a record. */
export const uuidOf = (id: string): string => id.replace(/^urn:uuid:/, '');

/** The page of one image; undefined without a base URL. */
export const landingUrl = (id: string, { baseUrl }: RenderContext): string | undefined =>
  baseUrl === undefined ? undefined : `${baseUrl}/records/${uuidOf(id)}`;

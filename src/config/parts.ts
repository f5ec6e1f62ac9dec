// Parts that every section of the config schema is made of.

import Type from 'typebox';

export const seconds = (value: number, why: string) =>
  Type.Number({ default: value, minimum: 0, unit: 's', description: why });

export const oneOf = <T extends string>(
  values: readonly T[],
  options: { default?: T; description: string },
) => {
  const literals = values.map((value) => Type.Literal(value));
  return Type.Union(literals, options) as unknown as Type.TUnsafe<T>;
};

/** A section: everything in it has a default, so that it may be left out. */
export const object = <P extends Type.TProperties>(properties: P, description: string) =>
  Type.Object(properties, { additionalProperties: false, default: {}, description });

// The part of UTIF 3.1 that is used here; the package brings no types.
declare module 'utif' {
  type Page = Record<string, unknown>;
  const utif: {
    decode(bytes: Uint8Array): Page[];
    decodeImage(bytes: Uint8Array, page: Page): void;
    toRGBA8(page: Page): Uint8Array;
  };
  export default utif;
}

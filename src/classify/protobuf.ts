// The protobuf wire format (protobuf.dev/programming-guides/encoding): fields out of bytes and into bytes. Knows no message type.

/** One field: `number` by wire type 0 (varint) as a BigInt of 64 bits two's complement, `bytes` by wire types 1, 2 and 5. */
export type WireField = { field: number; wire: number; varint: bigint; bytes: Uint8Array };

const NONE = new Uint8Array(0);

/** The fields of one message, in file order. Throws a RangeError when a length leaves the message. */
export function readFields(message: Uint8Array): WireField[] {
  const fields: WireField[] = [];
  let at = 0;
  const varint = (): bigint => {
    // numbers up to 2^49 by plain arithmetic: nearly all of them
    let value = 0;
    for (let i = 0; i < 7; i++) {
      const byte = message[at++];
      if (byte === undefined) throw new RangeError('protobuf: a number runs past the end');
      value += (byte & 127) * 2 ** (7 * i);
      if (byte < 128) return BigInt(value);
    }
    let big = BigInt(value);
    for (let i = 7n; i < 10n; i++) {
      const byte = message[at++];
      if (byte === undefined) throw new RangeError('protobuf: a number runs past the end');
      big |= BigInt(byte & 127) << (7n * i);
      if (byte < 128) return BigInt.asIntN(64, big);
    }
    throw new RangeError('protobuf: a number is longer than 64 bits');
  };
  const take = (length: number): Uint8Array => {
    if (at + length > message.length)
      throw new RangeError(`protobuf: ${length} bytes at ${at} run past ${message.length}`);
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const key = Number(varint());
    const wire = key & 7;
    const field = Math.floor(key / 8);
    if (wire === 0) fields.push({ field, wire, varint: varint(), bytes: NONE });
    else if (wire === 1) fields.push({ field, wire, varint: 0n, bytes: take(8) });
    else if (wire === 2) fields.push({ field, wire, varint: 0n, bytes: take(Number(varint())) });
    else if (wire === 5) fields.push({ field, wire, varint: 0n, bytes: take(4) });
    else throw new RangeError(`protobuf: wire type ${wire} is not known`);
  }
  return fields;
}

/** The varints of a repeated number field, packed (one run of bytes) or not. */
export function readVarints(fields: WireField[], field: number): bigint[] {
  return fields.flatMap((f) => {
    if (f.field !== field) return [];
    return f.wire === 0 ? [f.varint] : unpack(f.bytes);
  });
}

function unpack(bytes: Uint8Array): bigint[] {
  const values: bigint[] = [];
  for (let at = 0; at < bytes.length;) {
    let value = 0n;
    let shift = 0n;
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError('protobuf: a number runs past the end');
      value |= BigInt(byte & 127) << shift;
      shift += 7n;
      if (byte < 128) break;
    }
    values.push(BigInt.asIntN(64, value));
  }
  return values;
}

export type Part = Uint8Array;

function varintBytes(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

export function numberField(field: number, value: number | bigint): Part {
  return join([varintBytes(field * 8), varintBytes(value)]);
}

export function floatField(field: number, value: number): Part {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return join([varintBytes(field * 8 + 5), bytes]);
}

/** A string, raw bytes or a message made by `join`. */
export function bytesField(field: number, value: string | Uint8Array): Part {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  return join([varintBytes(field * 8 + 2), varintBytes(bytes.length), bytes]);
}

export function join(parts: Part[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

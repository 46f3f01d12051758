// The messages between the two ends of windows-node.js. Plain JavaScript, because one end runs without a compiler.
import { deserialize, serialize } from "node:v8";

const LENGTH_BYTES = 4;

/**
 * Sends and receives values over a stream, each preceded by its length.
 *
 * @param {import("node:net").Socket} socket
 */
export function messages(socket) {
  /** @type {Set<(message: unknown) => void>} */
  const listeners = new Set();
  /** @type {Buffer[]} */
  let chunks = [];
  let size = 0;
  socket.on("data", (/** @type {Buffer} */ chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    for (;;) {
      let rest = chunks[0] ?? Buffer.alloc(0);
      if (rest.length < LENGTH_BYTES) {
        rest = Buffer.concat(chunks);
        chunks = [rest];
      }
      const end = rest.length < LENGTH_BYTES ? Number.POSITIVE_INFINITY : LENGTH_BYTES + rest.readUInt32LE();
      if (size < end) {
        return;
      }
      const all = Buffer.concat(chunks);
      chunks = [all.subarray(end)];
      size -= end;
      const message = deserialize(all.subarray(LENGTH_BYTES, end));
      for (const listener of listeners) {
        listener(message);
      }
    }
  });
  return {
    /** @param {unknown} message */
    send(message) {
      const body = serialize(message);
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt32LE(body.length);
      socket.write(Buffer.concat([length, body]));
    },
    /** @param {(message: unknown) => void} listener */
    on(listener) {
      listeners.add(listener);
    },
    /** @param {(message: unknown) => void} listener */
    off(listener) {
      listeners.delete(listener);
    },
  };
}

/**
 * A copy of a value with its strings changed, including keys. Handles values that contain themselves.
 *
 * @param {unknown} value
 * @param {(text: string) => string} change
 * @param {Map<object, unknown>} [known]
 * @returns {unknown}
 */
export function withStrings(value, change, known = new Map()) {
  if (typeof value === "string") {
    return change(value);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (known.has(value)) {
    return known.get(value);
  }
  const changed = (/** @type {unknown} */ part) => withStrings(part, change, known);
  if (Array.isArray(value)) {
    /** @type {unknown[]} */
    const copy = [];
    known.set(value, copy);
    copy.push(...value.map(changed));
    return copy;
  }
  if (value instanceof Map) {
    const copy = new Map();
    known.set(value, copy);
    for (const [key, part] of value) {
      copy.set(changed(key), changed(part));
    }
    return copy;
  }
  if (value instanceof Set) {
    const copy = new Set();
    known.set(value, copy);
    for (const part of value) {
      copy.add(changed(part));
    }
    return copy;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) {
    return value;
  }
  /** @type {Record<string, unknown>} */
  const copy = {};
  known.set(value, copy);
  for (const [key, part] of Object.entries(value)) {
    copy[change(key)] = changed(part);
  }
  return copy;
}

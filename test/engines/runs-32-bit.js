// Whether this system runs 32-bit programs: there are kernels without them.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const EXIT_CODE = 32;
const ADDRESS = 0x0804_8000;
const HEADER = 52;
const SEGMENT_HEADER = 32;
const CODE = Buffer.from([0xb8, 1, 0, 0, 0, 0xbb, EXIT_CODE, 0, 0, 0, 0xcd, 0x80]);

/** The smallest 32-bit program of Linux on x86: it only exits. */
function program() {
  const size = HEADER + SEGMENT_HEADER + CODE.length;
  const bytes = Buffer.alloc(size);
  // 32 bits, little-endian, version 1.
  bytes.write("\x7fELF\x01\x01\x01", "latin1");
  const executable = 2;
  const x86 = 3;
  bytes.writeUInt16LE(executable, 16);
  bytes.writeUInt16LE(x86, 18);
  bytes.writeUInt32LE(1, 20);
  bytes.writeUInt32LE(ADDRESS + HEADER + SEGMENT_HEADER, 24);
  bytes.writeUInt32LE(HEADER, 28);
  bytes.writeUInt16LE(HEADER, 40);
  bytes.writeUInt16LE(SEGMENT_HEADER, 42);
  bytes.writeUInt16LE(1, 44);
  // One segment with all of the file, which is loaded, read, and executed.
  const loaded = 1;
  const readAndExecute = 5;
  const page = 0x1000;
  for (const [i, field] of [loaded, 0, ADDRESS, ADDRESS, size, size, readAndExecute, page].entries()) {
    bytes.writeUInt32LE(field, HEADER + 4 * i);
  }
  CODE.copy(bytes, HEADER + SEGMENT_HEADER);
  return bytes;
}

export function runs32Bit() {
  const folder = mkdtempSync(join(tmpdir(), "background-copy-32-bit-"));
  try {
    const path = join(folder, "program");
    writeFileSync(path, program(), { mode: 0o755 });
    return spawnSync(path, { stdio: "ignore" }).status === EXIT_CODE;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

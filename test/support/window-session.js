// Runs a command line in this terminal, on a service with jobs. Plain JavaScript, because it is a separate program. ALL stands for the
// IDs of the jobs. Their transfers continue as long as it runs.
import { runCommandLine } from "../../dist/cli/command-line.js";
import { TestService } from "../../dist/testing.js";

const SIZE = 10_000_000;
const NAMES = [
  "Driver update",
  "每週安全性更新（包含所有語言套件與選用功能）",
  "Téléchargement des langues",
  "ドライバー更新",
];

const service = new TestService();
const ids = Array.from({ length: Number(process.env.JOBS ?? 4) }, (_, i) =>
  service.addJob({
    displayName: NAMES[i % NAMES.length] ?? "",
    state: "BG_JOB_STATE_TRANSFERRING",
    files: [{ remoteName: "https://example.com/a", localName: "/a", bytesTotal: SIZE }],
  }),
);

let bytesTransferred = 0;
const transfer = setInterval(() => {
  bytesTransferred = Math.min(bytesTransferred + 100_000, SIZE - 1);
  for (const id of ids) {
    service.changeJob(id, { files: [{ remoteName: "", localName: "", bytesTotal: SIZE, bytesTransferred }] });
  }
  void service.clock.advance(1_000);
}, 100);

const interrupted = new AbortController();
process.once("SIGINT", () => interrupted.abort());

const { stdin, stdout, stderr } = process;
// A reader that stops early.
stdout.on("error", () => {});
process.exitCode = await runCommandLine(
  process.argv.slice(2).flatMap((word) => (word === "ALL" ? ids : [word])),
  { stdin, stdout, stderr, signal: interrupted.signal, connect: ({ locale }) => service.connect({ locale }) },
);
clearInterval(transfer);
// For tests that check the outcome of the jobs.
const manager = await service.connect();
const states = (await manager.listJobs()).map(({ state }) => state);
stdout.write(`${states.filter((state) => state === "BG_JOB_STATE_TRANSFERRING").length} jobs go on\n`);

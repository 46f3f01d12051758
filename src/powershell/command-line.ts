export interface CommandLineOptions {
  readonly executionPolicy: "RemoteSigned" | "inherit";
  readonly isWindows: boolean;
}

/** The arguments of a PowerShell that reads commands from its standard input, on this computer or another. */
export function powerShellArguments({ executionPolicy, isWindows }: CommandLineOptions): string[] {
  return [
    "-NoLogo",
    "-NoProfile",
    "-NonInteractive",
    ...(executionPolicy === "RemoteSigned" ? ["-ExecutionPolicy", executionPolicy] : []),
    // On other systems, PowerShell refuses to start with this option.
    ...(isWindows ? ["-MTA"] : []),
    "-NoExit",
    "-Command",
    "-",
  ];
}

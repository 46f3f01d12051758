export default {
  entryPoints: ["../src/index.ts"],
  tsconfig: "../tsconfig.json",
  out: "site",
  name: "background-copy",
  readme: "../README.md",
  disableSources: true,
  excludeInternal: true,
  excludePrivate: true,
  excludeExternals: true,
  highlightLanguages: ["ts", "sh", "powershell"],
  treatWarningsAsErrors: true,
  validation: { notExported: true, invalidLink: true, notDocumented: false },
};

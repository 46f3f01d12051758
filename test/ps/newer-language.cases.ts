// For each rule, scripts that break it, and scripts that look similar but do not.
interface Example {
  readonly hits: readonly string[];
  readonly misses: readonly string[];
}

export const EXAMPLES: Readonly<Record<string, Example>> = {
  "the value of a key is an if without else": {
    hits: [
      "@{ a = if ($b) { 1 }\n  c = 2 }",
      "@{ a = if ($b) { 1 } elseif ($c) { 2 } }",
      "@{ a = $d = if ($b) { 1 }\n  c = 2 }",
      "[ordered]@{ a = if ($b) { 1 }\n  c = 2 }",
    ],
    misses: [
      "@{ a = if ($b) { 1 } else { 2 }\n  c = 2 }",
      "@{ a = $(if ($b) { 1 })\n  c = 2 }",
      "$a = if ($b) { 1 }\n$c = 2",
    ],
  },
  "a number that 5.1 does not read so": {
    hits: ["1u", "1s", "1y", "1n", "1ul", "1us", "1uy", "f 10s", "0b101", "0x0FFFFFFFF", "1.5lkb"],
    misses: [
      "1",
      "-1",
      "1l",
      "1d",
      "1.5",
      ".5",
      "1e3",
      "1.5d",
      "2kb",
      "1lkb",
      "0xFF",
      "0x1d",
      "0xFFFFFFFF",
      "0x80D02003L",
      "0xFFkb",
      "f 1st",
      "f v0b1",
    ],
  },
  "the escape `e or `u": {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of PowerShell.
    hits: ['"`e[0m"', '"`u{41}"', '"a``" + "``` `u{41}"', "f a`e", "${a`e}", '@"\n`e\n"@', '"$(f "`e")"'],
    misses: ["'`e[0m'", '"``e"', '"`n`t`0"', '"`E"', "f a`n", "\"$(f '`e')\"", "@'\n`e\n'@"],
  },
  "a pipe at the beginning of a line": {
    hits: ["f\n| g", "f\n# why\n  | g", "f | g\n  | h"],
    misses: ["f |\n g", "f `\n | g", "f | # why\n g", "f <#\n| #> | g"],
  },
  "a command in the background": { hits: ["f &", "f | g &", "f && g &"], misses: ["& f", "f; & g", "f '&'"] },
  "a chain of pipelines": { hits: ["f && g", "f || g"], misses: ["f; g", "$a -and $b", "f '&&'"] },
  "the ternary operator": { hits: ["$a ? 1 : 2"], misses: ["$a | ? { $_ }", "$a?"] },
  "the operator ??": { hits: ["$a ?? 1"], misses: ["'??'"] },
  "the operator ??=": { hits: ["$a ??= 1"], misses: ["$a = 1"] },
  "the operator ?. or ?[]": {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of PowerShell.
    hits: ["${a}?.Length", "${a}?.Trim()", "${a}?[0]"],
    // The question mark is part of the name.
    misses: ["$a?.Length", "$a.Length"],
  },
  "a clean block": { hits: ["function f { process { } clean { } }"], misses: ["function f { process { } end { } }"] },
  "types for a generic method": {
    hits: ["$a.M[int](1)", "[a]::M[int, string]()"],
    misses: ["$a.M([int]1)", "$a.M[0].N(1)"],
  },
  "a list as an index in an argument": {
    hits: ["$a.M($b[1, 2])", "$a.M(1, $b[1, 2].N)"],
    misses: ["$a.M(($b[1, 2]))", "$a.M($b[1], 2)", "$b[1, 2]", "$a.M({ $b[1, 2] })"],
  },
  "an array before another type argument": {
    hits: [
      "[Collections.Generic.Dictionary[string[], object]]",
      "[Collections.Generic.List[Collections.Generic.Dictionary[int[],int]]]$a",
    ],
    misses: [
      "[Collections.Generic.Dictionary[[string[]], object]]",
      "[Collections.Generic.Dictionary[string, object[]]]",
    ],
  },
  "a = right behind a variable in an argument": {
    hits: ["f $a=1"],
    misses: ['f "$a=1"', "f $a =1", "$a=1", "f -a:$a"],
  },
  "a break that leaves a finally": {
    hits: [
      "try { } finally { switch (1) { 1 { break } } }",
      "try { } finally { :a switch (1) { 1 { foreach ($b in 1) { break a } } } }",
      "try { } finally { switch (1) { 1 { continue } } }",
    ],
    misses: [
      "try { } finally { foreach ($b in 1) { break } }",
      "try { } finally { :a foreach ($b in 1) { switch (1) { 1 { continue a } } } }",
      "switch (1) { 1 { try { break } finally { } } }",
    ],
  },
  "a range of letters": {
    hits: ["'a'..'z'", "[char]'a'..[char]'z'", "$a..'z'"],
    misses: ["1..2", "'1'..'9'", "$a..$b"],
  },
  "-replace with a script block": {
    hits: ["$a -replace 'b', { 'c' }", "$a -creplace 'b', { 'c' }"],
    misses: ["$a -replace 'b', 'c'", "$a -split { $_ }"],
  },
  "-split from behind or with both line options": {
    hits: ["$a -split 'b', -2", "$a -split 'b', 0, 'Singleline, Multiline'"],
    misses: ["$a -split 'b', 2", "$a -split 'b', 0, 'Multiline'", "-split $a"],
  },
  "a variable that 5.1 does not set": {
    hits: ["$IsWindows", "$PSStyle.Reset", '"$IsCoreCLR"'],
    misses: ["$isWindow", "$PSEdition", "$PSVersionTable"],
  },
  "a key that $PSVersionTable lacks in 5.1": {
    hits: ["$PSVersionTable.OS", "$PSVersionTable['Platform']"],
    misses: ["$PSVersionTable.PSEdition", "$a.OS"],
  },
  "#requires a newer PowerShell": {
    hits: ["#requires -Version 7.0", "#requires -PSEdition Core"],
    misses: ["#requires -Version 5.1", "#requires -PSEdition Desktop", "# requires"],
  },
  "a list that is piped whole to ConvertTo-Json": {
    hits: [", @(1, 2) | ConvertTo-Json", ", $a | ConvertTo-Json -Compress"],
    misses: ["1, 2 | ConvertTo-Json", "ConvertTo-Json -InputObject @(1, 2)", ", @(1, 2) | f"],
  },
  "what ConvertFrom-Json gives taken one by one": {
    hits: ["$a | ConvertFrom-Json | f", "@($a | ConvertFrom-Json)"],
    misses: ["$a | ConvertFrom-Json", "($a | ConvertFrom-Json) | f", "$b = $a | ConvertFrom-Json"],
  },
  "the Count of what a command gives": {
    hits: ["(f).Count", "(f | g).Length"],
    misses: ["@(f).Count", "(f).Name", "($a).Count"],
  },
  "a command that 5.1 lacks": {
    hits: ["Join-String", "$a | Test-Json"],
    misses: ["Get-Content a", "Get-BackgroundCopyJob", "git log"],
  },
  "a parameter that 5.1 lacks": {
    hits: ["$a | ConvertFrom-Json -AsHashtable", "Get-Content -AsByteStream a", "ForEach-Object -Parallel { }"],
    misses: [
      "Get-ChildItem Cert: -CodeSigningCert",
      "Get-Content -Raw a",
      "Get-Content -Enc UTF8 a",
      "Get-Item -ErrorAction Stop a",
      "git -AsHashtable",
    ],
  },
  "dot-sourcing": { hits: [". ./other.ps1", ". { $a = 1 }"], misses: ["& ./other.ps1"] },
  "a command that the module does without": {
    hits: ["Invoke-Expression $a", "iex $a", "Add-Type -Path a"],
    misses: ["Invoke-Command $a", "Add-Member -Name a"],
  },
  "a class or an enumeration": { hits: ["class A { }", "enum A { B }"], misses: ["class.exe"] },
  "a using statement": { hits: ["using namespace System.Text"], misses: ["$using:a"] },
};

/** The examples of the rules that need the reference assemblies. */
export const MEMBER_EXAMPLES: Readonly<Record<string, Example>> = {
  "a type that .NET Framework lacks": {
    hits: [
      "[Text.Json.JsonDocument]::Parse($a)",
      "[Half]$a",
      "function f([System.Index]$A) { }",
      "[Collections.Generic.PriorityQueue[int, int]]::new()",
    ],
    misses: [
      "[Text.StringBuilder]::new()",
      "[Collections.Generic.List[string[]]]::new()",
      "[ref]$a",
      "[ordered]@{ }",
      "[regex]$a",
    ],
  },
  "a type that came after Windows PowerShell 5.1": {
    hits: ["[Runtime.InteropServices.RuntimeInformation]::FrameworkDescription"],
    misses: ["[Environment]::Version"],
  },
  "a method that .NET Framework lacks": {
    hits: [
      "$a.Contains('x', [StringComparison]::Ordinal)",
      "'a'.Contains('x', [StringComparison]::Ordinal)",
      "[Math]::Clamp(1, 2, 3)",
      "$math = [Math]\n$math::Clamp(1, 2, 3)",
      "$b = [string]$a\n$b.ReplaceLineEndings()",
      "(Get-Date -Format o).ReplaceLineEndings()",
      "[IO.Path]::GetFullPath('a', 'b')",
      "[Convert]::ToHexString($a)",
      "[Text.StringBuilder]::new().Nothing()",
    ],
    misses: [
      "$a.Contains('x')",
      "[Math]::Max(1, 2)",
      "[string]::Format('{0}{1}{2}{3}', 1, 2, 3, 4)",
      "[guid]::new()",
      "@(1).Where({ $_ })",
      "@{ a = { } }.a.Invoke()",
      "[IO.Path]::GetFullPath('a')",
      "$a.$b()",
    ],
  },
  "a property that .NET Framework lacks": {
    hits: [
      "[Environment]::ProcessPath",
      "[Diagnostics.Process]::GetCurrentProcess().MainModule.Nothing",
      "'a'.Nothing",
    ],
    misses: [
      "[Environment]::MachineName",
      "'a'.Length",
      "@{ a = 1 }.a",
      "$a.Nothing",
      "([xml]$a).Nothing",
      "@('a').Nothing",
    ],
  },
  "a text that is taken letter by letter": {
    hits: ["'a'.Split('ab')", "'a'.TrimEnd('ab')", "$a.Split('ab')", '$a.Trim("$b")', "$a.Split('')"],
    misses: [
      "'a'.Split(',')",
      "$a.TrimEnd('/', '\\')",
      "$a.Replace('ab', 'c')",
      "[regex]::new('a').Split('ab')",
      "$a.Trim()",
    ],
  },
};
